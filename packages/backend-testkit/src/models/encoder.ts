import { Embedding, LayerNorm, Linear, Module } from "@tenon/nn";
import {
  add,
  attention,
  dropout,
  gelu,
  iota,
  permute,
  random,
  reshape,
  slice,
  type Random,
  type Tensor,
} from "@tenon/tensor";

export const sizes = { vocabulary: 11, width: 10, heads: 2, hidden: 15, layers: 2, context: 7 } as const;
const { vocabulary, width, heads, hidden, layers, context } = sizes;
const headWidth = width / heads;

class Layer extends Module<[x: Tensor, lengths: Tensor, step: number], Tensor> {
  readonly joint: Linear;
  readonly output: Linear;
  readonly up: Linear;
  readonly down: Linear;
  readonly first: LayerNorm = new LayerNorm(width);
  readonly second: LayerNorm = new LayerNorm(width);

  constructor(stream: Random) {
    super();
    this.joint = new Linear({ input: width, output: 3 * width, random: stream.fork("joint") });
    this.output = new Linear({ input: width, output: width, random: stream.fork("output") });
    this.up = new Linear({ input: width, output: hidden, random: stream.fork("up") });
    this.down = new Linear({ input: hidden, output: width, random: stream.fork("down") });
  }

  protected override compute(x: Tensor, lengths: Tensor, step: number): Tensor {
    const [b, t] = x.shape as [number, number];
    // [b, t, 3 · h · k] → three of [b, h, t, k]
    const all = permute(reshape(this.joint.forward(x), [b, t, 3, heads, headWidth]), [2, 0, 3, 1, 4]);
    const [q, k, v] = [0, 1, 2].map((i) => reshape(slice(all, 0, i, 1), [b, heads, t, headWidth])) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const attended = attention([q, k, v, undefined, undefined, lengths], {
      scale: headWidth ** -0.5,
      mask: [{ kind: "lengths", input: 0 }],
      queryOffset: 0,
      keyLength: t,
      softCap: null,
    });
    const y = this.output.forward(reshape(permute(attended, [0, 2, 1, 3]), [b, t, width]));
    const seen = this.first.forward(add(x, dropout(y, 0.1, random(5).key, step)));
    return this.second.forward(add(seen, this.down.forward(gelu(this.up.forward(seen)))));
  }
}

/** An encoder in the manner of BERT: learned positions, norms after each residual, GELU, padding by lengths, dropout. ids [b, t] → [b, t, v]. */
export class SmallEncoder extends Module<[ids: Tensor, lengths: Tensor, step?: number], Tensor> {
  readonly tokens: Embedding;
  readonly positions: Embedding;
  readonly norm: LayerNorm = new LayerNorm(width);
  readonly layers: readonly Layer[];
  readonly head: Linear;

  constructor(stream: Random) {
    super();
    this.tokens = new Embedding({ count: vocabulary, width, random: stream.fork("tokens") });
    this.positions = new Embedding({ count: context, width, random: stream.fork("positions") });
    this.layers = Array.from({ length: layers }, (_, i) => new Layer(stream.fork(i)));
    this.head = new Linear({ input: width, output: vocabulary, random: stream.fork("head") });
  }

  protected override compute(ids: Tensor, lengths: Tensor, step = 0): Tensor {
    const positions = this.positions.forward(iota(ids.shape[1]!, 0, ids.backend));
    let x = this.norm.forward(add(this.tokens.forward(ids), positions));
    for (const [i, layer] of this.layers.entries()) x = layer.forward(x, lengths, layers * step + i);
    return this.head.forward(x);
  }
}
