import { withArticle } from "../grammar/article.ts";
import type { Role } from "../grammar/role.ts";
import type { Thing } from "../words/things.ts";

/** A thing with the look that it keeps for the whole story; verbs and pronouns agree with its number. */
export function thingRole(thing: Thing, look: string): Role {
  const { noun, plural = false } = thing;
  const full = `${look} ${noun}`;
  return {
    forms: {
      "": noun,
      full,
      look,
      new: plural ? `a pair of ${full}` : withArticle(full),
      the: [`the ${noun}`, `the ${noun}`, `the ${noun}`, `the ${full}`],
      it: plural ? "they" : "it",
      them: plural ? "them" : "it",
      this: plural ? "these" : "this",
      is: plural ? "are" : "is",
      was: plural ? "were" : "was",
    },
    traits: [...thing.traits, ...(plural ? ["plural"] : [])],
  };
}
