import { ConfigError } from "@tenon/tensor";

import { shown } from "../validate.ts";
import type { Given, Heads } from "./kind.ts";

type Around = Given["position"];

/** What the attention says of its heads. Throws, in the name of a position scheme, where it says nothing. */
function headsOf(scheme: string, { heads, attention }: Around): Heads {
  if (heads !== undefined) return heads;
  throw new ConfigError(
    `"${scheme}" needs to know the heads, and the attention of the kind ${shown(attention.kind)} says nothing of them; give that kind a \`heads\` function`,
    { attention: attention.kind },
  );
}

/** The same for a scheme that adds a bias to the scores. Throws where the attention forms none. */
export function expectScores(scheme: string, given: Around): Heads {
  const heads = headsOf(scheme, given);
  if (heads.scores !== false) return heads;
  const { kind } = given.attention;
  throw new ConfigError(
    `"${scheme}" adds to scores, and the attention of the kind ${shown(kind)} forms none; choose "rotary", a scheme that is added to the embeddings, or another attention`,
    { attention: kind },
  );
}

const whats = { queryWidth: "queries are", valueWidth: "values are", turnedWidth: "turned part is" } as const;

/** One of the widths of a head. Throws, in the words of the spec, unless it is a whole number. */
export function wholeWidth(scheme: string, name: keyof typeof whats, given: Around): number {
  const heads = headsOf(scheme, given);
  if (Number.isInteger(heads[name])) return heads[name];
  throw new ConfigError(
    `"${scheme}" needs heads of whole widths, but with the ${heads.count} heads of spec.attention in a width of ${given.width} their ${whats[name]} ${Number(heads[name].toPrecision(4))} wide; choose another number of heads, or widths for them`,
    { heads: heads.count, [name]: heads[name], width: given.width },
  );
}
