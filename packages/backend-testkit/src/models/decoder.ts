import { Embedding, Linear, Module, RMSNorm } from "@tenon/nn";
import {
  add,
  attention,
  linear,
  mul,
  permute,
  reshape,
  rope,
  silu,
  tensor,
  Variable,
  writeSliceOp,
  zeros,
  type Random,
  type Tensor,
} from "@tenon/tensor";

export const sizes = {
  vocabulary: 13,
  width: 12,
  heads: 4,
  keyValueHeads: 2,
  hidden: 20,
  layers: 2,
  context: 9,
} as const;
const { vocabulary, width, heads, keyValueHeads, hidden, layers, context } = sizes;
const headWidth = width / heads;
/** Half of what turns: an odd head width leaves one element as it is. */
const half = Math.floor(headWidth / 2);

/** Keys and values of one layer: [b, h, context, k], filled from the front. */
export type Cache = readonly [keys: Variable, values: Variable];

/** [b, t, h · k] → [b, h, t, k] */
const split = (x: Tensor, count: number): Tensor => {
  const [b, t] = x.shape as [number, number];
  return permute(reshape(x, [b, t, count, headWidth]), [0, 2, 1, 3]);
};

class Layer extends Module<[x: Tensor, tables: readonly [Tensor, Tensor], offset: number, cache?: Cache], Tensor> {
  readonly inputNorm: RMSNorm = new RMSNorm(width);
  readonly middleNorm: RMSNorm = new RMSNorm(width);
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly gate: Linear;
  readonly up: Linear;
  readonly down: Linear;

  constructor(random: Random) {
    super();
    const plain = (name: string, input: number, output: number): Linear =>
      new Linear({ input, output, bias: false, random: random.fork(name) });
    this.query = plain("query", width, width);
    this.key = plain("key", width, keyValueHeads * headWidth);
    this.value = plain("value", width, keyValueHeads * headWidth);
    this.output = plain("output", width, width);
    this.gate = plain("gate", width, hidden);
    this.up = plain("up", width, hidden);
    this.down = plain("down", hidden, width);
  }

  protected override compute(x: Tensor, [cos, sin]: readonly [Tensor, Tensor], offset: number, cache?: Cache): Tensor {
    const [b, t] = x.shape as [number, number];
    const y = this.inputNorm.forward(x);
    const q = rope(split(this.query.forward(y), heads), cos, sin);
    let k = rope(split(this.key.forward(y), keyValueHeads), cos, sin);
    let v = split(this.value.forward(y), keyValueHeads);
    if (cache !== undefined) {
      Variable.update(writeSliceOp, [cache[0]], [k], { axis: 2, start: offset });
      Variable.update(writeSliceOp, [cache[1]], [v], { axis: 2, start: offset });
      [k, v] = [cache[0].value, cache[1].value];
    }
    const attended = attention([q, k, v, undefined, undefined], {
      scale: headWidth ** -0.5,
      mask: [{ kind: "causal" }],
      queryOffset: offset,
      keyLength: offset + t,
      softCap: null,
    });
    const seen = add(x, this.output.forward(reshape(permute(attended, [0, 2, 1, 3]), [b, t, width])));
    const z = this.middleNorm.forward(seen);
    return add(seen, this.down.forward(mul(silu(this.gate.forward(z)), this.up.forward(z))));
  }
}

/** A decoder in the manner of Llama: rotary positions, grouped keys, gated SiLU, RMS norms, tied output. ids [b, t] → logits [b, t, v]. */
export class SmallDecoder extends Module<[ids: Tensor, offset?: number, caches?: readonly Cache[]], Tensor> {
  readonly tokens: Embedding;
  readonly layers: readonly Layer[];
  readonly norm: RMSNorm = new RMSNorm(width);

  constructor(random: Random) {
    super();
    this.tokens = new Embedding({ count: vocabulary, width, random: random.fork("tokens") });
    this.layers = Array.from({ length: layers }, (_, i) => new Layer(random.fork(i)));
  }

  protected override compute(ids: Tensor, offset = 0, caches?: readonly Cache[]): Tensor {
    const t = ids.shape[1]!;
    const table = (f: (angle: number) => number): Tensor =>
      tensor(
        Float64Array.from({ length: t * half }, (_, i) =>
          f((offset + Math.floor(i / half)) / 100 ** ((i % half) / half)),
        ),
        [t, half],
        ids.backend,
      );
    const tables = [table(Math.cos), table(Math.sin)] as const;
    let x = mul(this.tokens.forward(ids), 10); // embeddings begin small; larger ones make every layer count
    for (const [i, layer] of this.layers.entries()) x = layer.forward(x, tables, offset, caches?.[i]);
    return linear(this.norm.forward(x), this.tokens.table.value);
  }

  /** Empty caches for a batch. */
  caches(batch: number, like: Tensor): Cache[] {
    const room = (): Variable => Variable.holding(zeros([batch, keyValueHeads, context, headWidth], like.backend));
    return this.layers.map(() => [room(), room()]);
  }
}
