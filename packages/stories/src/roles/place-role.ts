import { withArticle } from "../grammar/article.ts";
import type { Role } from "../grammar/role.ts";
import type { Place, Spot } from "../words/places.ts";

export function placeRole({ noun, preposition, goal, water, traits }: Place): Role {
  return {
    forms: {
      "": noun,
      to: `to the ${noun}`,
      at: `${preposition} the ${noun}`,
      ...(goal === undefined ? {} : { goal }),
      ...(water === undefined ? {} : { water: `the ${water}` }),
    },
    traits,
  };
}

/**
 * A spot: `at` when it is first mentioned ("under a bush"), `there` afterwards ("under the bush"), and `from` for
 * whoever comes out ("out from under a bush", "out of a hole").
 */
export function spotRole({ preposition, noun, article }: Spot): Role {
  const first = article === "a" ? withArticle(noun) : `the ${noun}`;
  return {
    forms: {
      at: `${preposition} ${first}`,
      from: preposition === "in" ? `of ${first}` : `from ${preposition} ${first}`,
      there: `${preposition} the ${noun}`,
    },
    traits: [],
  };
}
