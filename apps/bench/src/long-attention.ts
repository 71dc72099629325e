// What attention without a kernel takes at full length: in tiles its memory grows with t, where its scores grow with t².
import {
  apply,
  tiledAttentionGradientOp,
  tiledAttentionOp,
  cpu,
  explicitAttention,
  random,
  scoped,
  slice,
  type AttentionAttrs,
  type Backend,
  type Tensor,
} from "@tenon/tensor";

import { table } from "./table.ts";

const lengths = [2_048, 4_096, 8_192, 16_384];
const width = 64;
const compared = 64;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** A cpu without fused kernels that knows the most bytes that were alive after any of its ops. */
function sampled(): { on: Backend; peak: () => number } {
  const on = cpu({ fused: false });
  const execute = on.execute.bind(on);
  let peak = 0;
  on.execute = (...call) => {
    const result = execute(...call);
    peak = Math.max(peak, on.memory().bytes);
    return result;
  };
  return { on, peak: () => peak };
}

/** The largest difference of two tensors of one shape. */
async function difference(a: Tensor, b: Tensor): Promise<number> {
  const [x, y] = [await a.read(), await b.read()];
  let most = 0;
  for (const [i, each] of x.entries()) most = Math.max(most, Math.abs(each - y[i]!));
  return most;
}

/** One head, causal, forward and backward; its last queries as the explicit path gives them. */
async function measure(t: number): Promise<string[]> {
  const { on, peak } = sampled();
  const dice = random(1);
  const make = (): Tensor =>
    on.upload(
      Float32Array.from({ length: t * width }, () => dice.normal()),
      {
        dtype: "f32",
        shape: [1, 1, t, width],
      },
    );
  const [q, k, v, upstream] = [make(), make(), make(), make()];
  const attrs: AttentionAttrs = {
    scale: width ** -0.5,
    softCap: null,
    mask: [{ kind: "causal" }],
    queryOffset: 0,
    keyLength: t,
  };
  const began = performance.now();
  const output = apply(tiledAttentionOp, [q, k, v, undefined, undefined], attrs);
  const forward = performance.now();
  const gradients = apply(tiledAttentionGradientOp, [q, k, v, undefined, undefined, output, upstream], attrs);
  const backward = performance.now();
  const most = peak();

  const last = (x: Tensor): Tensor => slice(x, 2, t - compared, compared);
  const at = { ...attrs, queryOffset: t - compared };
  const right = scoped(() => explicitAttention([last(q), k, v, undefined, undefined], at));
  const [dq] = apply(tiledAttentionGradientOp, [last(q), k, v, undefined, undefined, right, last(upstream)], at);
  return [
    String(t),
    `${((forward - began) / 1e3).toFixed(1)} s`,
    `${((backward - forward) / 1e3).toFixed(1)} s`,
    megabytes(most),
    megabytes(t * t * 4),
    `${((100 * most) / (t * t * 4)).toFixed(1)} %`,
    (await difference(last(output), right)).toExponential(1),
    (await difference(last(gradients[0]!), dq!)).toExponential(1),
  ];
}

export async function longAttention(): Promise<void> {
  console.log("\nAttention without a kernel, in tiles: one head of 64, causal, on cpu");
  const rows: string[][] = [];
  for (const t of lengths) rows.push(await measure(t));
  const titles = ["t = s", "forward", "backward", "peak", "its scores", "share", "output off by", "dq off by"];
  console.log(table(titles, rows));
}
