import { glob } from "../glob.ts";
import type { Part } from "../part.ts";

/**
 * Undoes the storage of `quantizeWeights`, not its rounding: every matrix that is held in levels becomes the numbers that the levels stand for, in f32. For what takes
 * numbers alone, such as training the weights themselves or saving for other programs. They stay frozen until they are `unfreeze`d.
 *
 * Gives their paths; none when nothing is held in levels.
 *
 * @example
 * ```ts
 * const layer = await new Linear({ input: 32, output: 2, random: random(1) }).to(cpu());
 * await quantizeWeights(layer, { bits: 8 });
 * console.log(await dequantizeWeights(layer), layer.weight.type.dtype); // [ 'weight' ] f32
 * ```
 */
export async function dequantizeWeights(part: Part, paths = "**"): Promise<string[]> {
  const fits = glob(paths);
  const found = [...part.parameters()].filter(([path, { quantized }]) => quantized !== undefined && fits(path));
  for (const [, parameter] of found) {
    const form = parameter.quantized!;
    const values = await form.numbers(await parameter.host(), parameter.type);
    parameter.become({ dtype: "f32", shape: parameter.type.shape }, values);
    parameter.quantized = undefined;
    for (const each of Object.values(form.beside)) each[Symbol.dispose]();
  }
  return found.map(([path]) => path);
}
