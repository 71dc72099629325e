import type { Backend } from "../backend.ts";
import type { AttentionAttrs, AttentionInputs } from "../ops/attention-type.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import { place, type OpCase } from "./op-case.ts";
import { plainAttention, plainAttentionGradient, type PlainAttention } from "./plain-attention.ts";
import { bools, floats, type Plain } from "./plain.ts";

const dice = random(37);
const real = (shape: Shape): Plain => floats(shape, dice);

/** The numbers of queries, keys and values: b, h, t, k, and where they differ the key heads, s, and the width of the values. */
export type AttentionSizes = readonly [
  b: number,
  h: number,
  t: number,
  k: number,
  keyHeads?: number,
  s?: number,
  valueWidth?: number,
];

/** Queries, keys and values of these sizes. */
export function drawAttention(
  draw: (shape: Shape) => Plain,
  [b, h, t, k, keyHeads = h, s = t, valueWidth = k]: AttentionSizes,
): PlainAttention {
  return { q: draw([b, h, t, k]), k: draw([b, keyHeads, s, k]), v: draw([b, keyHeads, s, valueWidth]) };
}

/** What a call is told, where it is not told otherwise. */
export const attentionAttrs = ({ k }: PlainAttention, attrs: Partial<AttentionAttrs> = {}): AttentionAttrs => ({
  scale: 0.5,
  softCap: null,
  mask: [],
  queryOffset: 0,
  keyLength: k.shape[2]!,
  ...attrs,
});

/** The inputs of a call. */
export const placeAttention = ({ q, k, v, bias, sinks, masks = [] }: PlainAttention, on: Backend): AttentionInputs => [
  place(q, on),
  place(k, on),
  place(v, on),
  bias && place(bias, on),
  sinks && place(sinks, on),
  ...masks.map((mask) => place(mask, on)),
];

const heads = (...sizes: AttentionSizes): PlainAttention => drawAttention(real, sizes);
const causal = { kind: "causal" } as const;
const lengths = (...data: number[]): Plain => ({ dtype: "i32", shape: [data.length], data });
const interval = { kind: "interval", input: 0 } as const;
/** For each sequence, or for all of them, a first key and an end for each query. */
const intervals = (...ends: readonly (readonly (readonly [first: number, end: number])[])[]): Plain => ({
  dtype: "i32",
  shape: [ends.length, ends[0]!.length, 2],
  data: ends.flat(2),
});

/** Calls of attention: every kind of mask, alone and together, and everything that scores may meet. */
const calls: readonly (readonly [PlainAttention, Partial<AttentionAttrs>?])[] = [
  [heads(2, 2, 3, 4)],
  [heads(1, 2, 2, 2, 1, 3, 5)],
  [heads(1, 4, 3, 2, 2), { mask: [causal] }],
  [heads(1, 2, 2, 3, 1, 5), { mask: [causal], queryOffset: 2, keyLength: 4 }],
  [
    {
      ...heads(2, 2, 3, 2),
      bias: real([2, 1, 3]),
      masks: [lengths(2, 0), bools([3, 3], dice)],
    },
    {
      mask: [
        { kind: "lengths", input: 0 },
        { kind: "dense", input: 1 },
      ],
    },
  ],
  [heads(1, 1, 5, 2), { mask: [causal, { kind: "window", size: 2 }] }],
  [
    // Neither end grows with the query; one interval is empty, one turned around, one reaches beyond both ends.
    {
      ...heads(2, 2, 3, 2, 1, 4),
      masks: [
        intervals(
          [
            [2, 4],
            [0, 1],
            [3, 3],
          ],
          [
            [-5, 99],
            [3, 1],
            [1, 3],
          ],
        ),
      ],
    },
    { mask: [interval], queryOffset: 1 },
  ],
  [
    {
      ...heads(2, 2, 3, 2, 2, 5),
      sinks: real([2]),
      masks: [
        intervals([
          [1, 5],
          [0, 2],
          [1, 2],
        ]),
      ],
    },
    { mask: [causal, interval], queryOffset: 2, keyLength: 4 },
  ],
  [heads(1, 2, 2, 8, 1, 3), { mask: [causal], queryOffset: 1 }], // as wide as vectors are
  [heads(1, 2, 3, 2), { softCap: 1.5 }],
  [
    { ...heads(1, 2, 3, 2, 1, 4), bias: real([2, 3, 3]) },
    { softCap: 0.5, mask: [causal], keyLength: 3 },
  ],
  [{ ...heads(1, 2, 3, 2), sinks: real([2]) }],
  [
    { ...heads(2, 4, 2, 2, 2, 3), sinks: real([4]), bias: real([1, 3]), masks: [lengths(0, 3)] },
    { mask: [causal, { kind: "lengths", input: 0 }], queryOffset: 1, softCap: 2 },
  ],
  [{ ...heads(1, 1, 2, 2, 1, 3), sinks: real([1]) }, { keyLength: 0 }],
  [{ ...heads(1, 2, 0, 2, 2, 3), bias: real([3]), sinks: real([2]) }],
];

/** Calls of attention and of its gradient. */
export const attentionCases: { readonly [K in "attention" | "attentionGradient"]: readonly OpCase[] } = {
  attention: calls.map(([tensors, some]) => {
    const attrs = attentionAttrs(tensors, some);
    const { q, k, v, bias, sinks, masks = [] } = tensors;
    return { inputs: [q, k, v, bias, sinks, ...masks], attrs, expected: [plainAttention(tensors, attrs)] };
  }),
  attentionGradient: calls.map(([tensors, some]) => {
    const attrs = attentionAttrs(tensors, some);
    const { q, k, v, bias, sinks, masks = [] } = tensors;
    // The formula takes the output as it comes, so it need not be attention's: these numbers are exact in every float dtype.
    const [output, upstream] = [
      real([...q.shape.slice(0, 3), v.shape[3]!]),
      real([...q.shape.slice(0, 3), v.shape[3]!]),
    ];
    return {
      inputs: [q, k, v, bias, sinks, output, upstream, ...masks],
      attrs,
      expected: plainAttentionGradient(tensors, output, upstream, attrs),
    };
  }),
};
