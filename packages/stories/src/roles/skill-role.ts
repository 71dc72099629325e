import type { Role } from "../grammar/role.ts";
import type { Skill } from "../words/skills.ts";

/** A skill in the making. Its sentences are templates themselves: `fill` goes on filling what a slot brings. */
export function skillRole({ verb, where, fail, advice, success }: Skill): Role {
  return {
    forms: { "": verb.base, done: verb.past, doing: verb.ing, where, fail, advice, success },
    traits: [],
  };
}
