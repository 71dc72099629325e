import type { Layout } from "./layout.ts";

/**
 * What parameters of Tenon are called in the checkpoints of a family: one for one, or several that the checkpoint keeps as one, or the other way round.
 * `{layer}` stands for each layer in turn, `{expert}`, among theirs, for all experts. Ours may be of a part that a model does not have, such as a bias: then
 * the rule says nothing of that model.
 */
export interface NameRule {
  readonly ours: string | readonly string[];
  readonly theirs: string;
  /** How the numbers are laid out. Default: the same. */
  readonly layout?: Layout | undefined;
}

/** Rules from pairs of names, ours first, all of one layout. */
export const renamed = (names: Readonly<Record<string, string>>, layout?: Layout): NameRule[] =>
  Object.entries(names).map(([ours, theirs]) => ({ ours, theirs, layout }));
