import { ConfigError, type FloatDType } from "@tenon/tensor";

import { glob } from "./glob.ts";
import { summary } from "./name-summary.ts";
import type { Part } from "./part.ts";
import { matricesIn } from "./quantized/quantizable-part.ts";

/** The largest number that f16 holds; bf16 reaches as far as f32. */
const largest16 = 65504;

/**
 * Stores the matrices of a model in 16 bits from now on, wherever it lives, or in f32 again: linear maps, tables of tokens, outputs tied to them and stacks of experts take half
 * the memory, rounded once to nearest. Computed is in f32 as before: a backend's kernel for such a weight reads it as it lies, or writes some of it out for the moment. Norms, biases and other
 * parameters are small, and stay in f32. bf16 has the range of f32 and 8 bits of precision, f16 ends at 65504 and has 11. What parts share they still share; weights in levels stay in
 * levels.
 *
 * Such weights can be trained: `valueAndGrad` gives their gradients in f32, and `masterWeights` of `@tenon/training` keeps what a step of less than a rounding
 * would lose.
 *
 * `paths` says which, in which `*` stands for anything between two dots and `**` for anything at all; default: all. Gives the paths of what it stores so. Throws
 * `ConfigError` when nothing fits, and for a number that f16 cannot hold; then nothing has changed.
 *
 * Kalamkar et al. 2019, "A study of BFLOAT16 for deep learning training".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const layer = await new Linear({ input: 64, output: 2, random: random(1) }).to(on);
 * console.log(await storeWeights(layer, "bf16"), on.memory().bytes); // [ 'weight' ] 264
 * ```
 */
export async function storeWeights(part: Part, dtype: FloatDType, paths = "**"): Promise<string[]> {
  if (!["f32", "f16", "bf16"].includes(dtype))
    throw new ConfigError(`storeWeights: weights are stored in f32, f16 or bf16, got ${JSON.stringify(dtype)}`, {
      dtype,
    });
  const fits = glob(paths);
  const matrices = [...matricesIn(part)].filter(([, { quantized }]) => quantized === undefined);
  const chosen = matrices.filter(([path]) => fits(path));
  if (chosen.length === 0) {
    const there =
      matrices.length === 0 ? "It has none." : `They are: ${summary(matrices.map(([path]) => path)).join(", ")}.`;
    throw new ConfigError(`storeWeights: no matrix of the part that is in floats fits "${paths}". ${there}`, { paths });
  }
  if (dtype === "f16") {
    for (const [path, parameter] of chosen) expectInRange(path, await parameter.host());
  }
  for (const [, parameter] of chosen) {
    if (parameter.type.dtype === dtype) continue;
    parameter.become({ dtype, shape: parameter.type.shape }, await parameter.host());
  }
  return chosen.map(([path]) => path);
}

function expectInRange(path: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const value = Math.abs(values[i]!);
    if (value > largest16 && value !== Infinity)
      throw new ConfigError(
        `storeWeights: ${path} has the number ${values[i]}, and f16 ends at ${largest16}; store it in bf16`,
        { path, value: values[i] },
      );
  }
}
