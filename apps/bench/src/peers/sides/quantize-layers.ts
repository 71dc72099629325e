import { TiedOutput } from "@tenon/embeddings";
import type { Decoder, Encoder } from "@tenon/models";
import { Linear, Module, type Part, type Parameter } from "@tenon/nn";
import { quantize, quantizedLinear, Variable, type Backend, type Tensor } from "@tenon/tensor";

/**
 * Puts a map with 8-bit weights in the place of every linear map of the blocks, and of a tied output. A row of a weight has one scale.
 * What looks tokens up stays as it is. The model must not be placed yet: what is left of it is placed as ever.
 */
export async function quantizeLayers(model: Decoder | Encoder, on: Backend): Promise<void> {
  const parts = model.parts();
  for (const [path, part] of parts) {
    if (!path.startsWith("blocks.") && path !== "output") continue;
    const weight = part instanceof Linear ? part.weight : part instanceof TiedOutput ? part.table : undefined;
    if (weight === undefined) continue;
    const at = path.lastIndexOf(".");
    const parent = parts.get(path.slice(0, Math.max(at, 0)))!;
    const layer = await EightBitLinear.from(weight, (part as Linear | TiedOutput).bias, on);
    Object.assign(parent, { [path.slice(at + 1)]: layer } satisfies Record<string, Part>);
  }
}

/** y = x Wᵀ + bias, with W in levels. */
class EightBitLinear extends Module<[x: Tensor], Tensor> {
  readonly bias: Parameter | undefined;
  readonly #levels: Variable;
  readonly #scales: Variable;

  private constructor(levels: Variable, scales: Variable, bias: Parameter | undefined) {
    super();
    this.#levels = levels;
    this.#scales = scales;
    this.bias = bias;
  }

  static async from(weight: Parameter, bias: Parameter | undefined, on: Backend): Promise<EightBitLinear> {
    const { shape } = weight.type;
    const { levels, scales } = quantize((await weight.host()) as Float32Array, shape, {
      bits: 8,
      group: shape[1]!,
    });
    const held = [levels, scales].map(({ type, data }) => new Variable(type, () => data));
    for (const variable of held) await variable.place(on);
    return new EightBitLinear(held[0]!, held[1]!, bias);
  }

  protected override compute(x: Tensor): Tensor {
    return quantizedLinear(x, this.#levels.value, this.#scales.value, this.bias?.value);
  }
}
