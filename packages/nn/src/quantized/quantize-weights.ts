import { ConfigError, quantize, type QuantizeOptions } from "@tenon/tensor";

import { glob } from "../glob.ts";
import { summary } from "../name-summary.ts";
import type { Part } from "../part.ts";
import { assignQuantized } from "./group-scaled.ts";
import { quantizableIn } from "./quantizable-part.ts";

/** How {@link quantizeWeights} stores the matrices of a model. */
export interface QuantizeWeightsOptions extends QuantizeOptions {
  /** Which of them, in which `*` stands for anything between two dots and `**` for anything at all. Default: all whose rows are whole groups. */
  readonly paths?: string | undefined;
}

/**
 * Rounds matrices of a model to levels of 8 or 4 bits, each group of neighbours in a row with a scale of its own (see `quantize`), and holds them so
 * from now on, wherever the model lives: about a quarter or a sixth of their memory in f32. Linear maps, embeddings and outputs tied to them compute from the
 * levels; norms, biases and all else stay as they are. What parts share, they still share.
 *
 * A weight in levels is frozen: gradients flow through it, none to it, so that what is around it can be trained (Dettmers et al. 2023, QLoRA). Its scales are
 * parameters beside it, `weight.scales`, and frozen, too. `saveParameters` stores levels as levels.
 *
 * Gives the paths of what it rounded. Throws `ConfigError` when nothing fits, and for a matrix that `paths` names whose rows are no whole groups.
 *
 * @example
 * ```ts
 * const layer = await new Linear({ input: 64, output: 2, random: random(1) }).to(cpu());
 * console.log(await quantizeWeights(layer, { bits: 8 }), layer.weight.type.dtype); // [ 'weight' ] q8
 * ```
 */
export async function quantizeWeights(
  part: Part,
  { bits, group = 32, paths }: QuantizeWeightsOptions,
): Promise<string[]> {
  const matrices = quantizableIn(part);
  const fits = glob(paths ?? "**");
  const named = [...matrices].filter(([path, { quantized }]) => fits(path) && quantized === undefined);
  const uneven = named.filter(([, { type }]) => type.shape[1]! % group !== 0);
  const chosen = paths === undefined ? named.filter((one) => !uneven.includes(one)) : named;
  if (paths !== undefined && uneven.length > 0) {
    const list = uneven.map(([path, { type }]) => `${path} [${type.shape.join(", ")}]`);
    throw new ConfigError(
      `quantizeWeights: a group of ${group} does not divide the rows of ${list.join(", ")}; choose a group that does, or other paths`,
      { group, uneven: uneven.map(([path]) => path) },
    );
  }
  if (chosen.length === 0) {
    const there = [...matrices].filter(([, { quantized }]) => quantized === undefined);
    const list =
      there.length === 0
        ? "It has no matrix that is not in levels yet."
        : `They are: ${summary(there.map(([path, { type }]) => `${path} [${type.shape.join(", ")}]`)).join(", ")}.`;
    throw new ConfigError(
      `quantizeWeights: no matrix of the part ${paths === undefined ? `has rows of whole groups of ${group}` : `fits "${paths}"`}. ${list}`,
      { paths, group },
    );
  }
  for (const [, parameter] of chosen) {
    const values = (await parameter.host()) as Float32Array;
    await assignQuantized(parameter, quantize(values, parameter.type.shape, { bits, group }));
  }
  return chosen.map(([path]) => path);
}
