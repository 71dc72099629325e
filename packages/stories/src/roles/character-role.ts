import { withArticle } from "../grammar/article.ts";
import { pronouns } from "../grammar/pronouns.ts";
import type { Role } from "../grammar/role.ts";
import type { Character } from "../words/characters.ts";

/** A character as a template sees it; `manner` ("little") describes it when it is first seen. */
export function characterRole({ name, kind, gender }: Character, manner: string): Role {
  const { noun, moves } = kind;
  const { he, him, his } = pronouns[gender];
  const flies = kind.traits.includes("flies");
  return {
    forms: {
      "": name,
      full: `${name} the ${noun}`,
      new: `${withArticle(`${manner} ${noun}`)} named ${name}`,
      kind: noun,
      he,
      him,
      his,
      /** Somebody already known, as the subject of a sentence. */
      ref: [name, name, he, he, `the ${noun}`],
      /** The same after "said", where a pronoun would sound old. */
      who: [name, name, `the ${noun}`],
      move: moves.base,
      moved: moves.past,
      moving: moves.ing,
      /** How it gets up a tree. */
      rise: flies ? "fly" : "climb",
      rose: flies ? "flew" : "climbed",
    },
    traits: kind.traits,
  };
}
