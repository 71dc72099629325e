import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { OpCase } from "./op-case.ts";
import { at, floats, indices, plain, total, type Plain } from "./plain.ts";

const dice = random(61);

/** How a convolution over pictures walks. */
export interface PlainConvolution {
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}
const step: PlainConvolution = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 };

/** The definition, cell by cell: x [b, c, h, w], weight [out, c / groups, kh, kw]; a cell beyond the edges is 0. */
export function plainConvolution(
  x: Plain,
  weight: Plain,
  bias: Plain | undefined,
  { stride, padding, dilation, groups }: PlainConvolution,
): Plain {
  const [b, , h, w] = x.shape as [number, number, number, number];
  const [out, each, kh, kw] = weight.shape as [number, number, number, number];
  const fits = (n: number, k: number, axis: 0 | 1): number => {
    let count = 0; // by trying, so that the formula is not its own witness
    while (count * stride[axis] + dilation[axis] * (k - 1) < n + 2 * padding[axis]) count++;
    return count;
  };
  return plain(
    [b, out, fits(h, kh, 0), fits(w, kw, 1)],
    ([image, o, row, column]) =>
      total(
        indices([each, kh, kw]).map(([c, p, q]) => {
          const i = row! * stride[0] + p! * dilation[0] - padding[0];
          const j = column! * stride[1] + q! * dilation[1] - padding[1];
          if (i < 0 || i >= h || j < 0 || j >= w) return 0;
          const channel = Math.floor(o! / (out / groups)) * each + c!;
          return at(weight, [o!, c!, p!, q!]) * at(x, [image!, channel, i, j]);
        }),
      ) + (bias === undefined ? 0 : bias.data[o!]!),
    x.dtype,
  );
}

function convCase(from: Shape, kernel: Shape, bias: boolean, walk: Partial<PlainConvolution> = {}): OpCase {
  const [x, weight] = [floats(from, dice), floats(kernel, dice)];
  const added = bias ? floats([kernel[0]!], dice) : undefined;
  const full = { ...step, ...walk };
  return {
    inputs: [x, weight, added],
    attrs: { ...full },
    expected: [plainConvolution(x, weight, added, full)],
  };
}

/** Calls of conv2d: each option alone and all at once, sizes that leave a remainder, nothing to convolve. */
export const convCases: readonly OpCase[] = [
  convCase([2, 3, 5, 4], [2, 3, 3, 2], true),
  convCase([1, 1, 1, 1], [1, 1, 1, 1], false),
  convCase([2, 3, 3, 2], [4, 3, 1, 1], true),
  convCase([1, 2, 5, 5], [1, 2, 1, 1], false, { stride: [2, 3] }),
  convCase([1, 2, 6, 7], [2, 2, 3, 3], false, { stride: [2, 3] }),
  convCase([1, 1, 5, 7], [2, 1, 2, 3], true, { stride: [2, 3] }), // stride = size, with a remainder
  convCase([2, 1, 4, 4], [1, 1, 2, 2], false, { stride: [3, 3] }), // cells between the windows
  convCase([1, 2, 3, 3], [2, 2, 3, 3], true, { padding: [1, 2] }),
  convCase([1, 1, 1, 2], [1, 1, 3, 5], false, { padding: [1, 2] }), // a kernel larger than x
  convCase([1, 1, 7, 6], [1, 1, 3, 2], false, { dilation: [3, 2] }),
  convCase([1, 4, 3, 3], [6, 2, 2, 2], true, { groups: 2 }),
  convCase([2, 3, 3, 4], [3, 1, 2, 2], false, { groups: 3 }), // depthwise
  convCase([1, 3, 3, 3], [6, 1, 2, 2], true, { groups: 3, stride: [2, 1] }), // two outputs for each channel
  convCase([2, 2, 6, 7], [2, 1, 3, 2], true, { stride: [2, 3], padding: [2, 1], dilation: [2, 3], groups: 2 }),
  convCase([0, 2, 3, 3], [2, 2, 2, 2], true),
  convCase([2, 0, 3, 3], [2, 0, 2, 2], true),
  convCase([1, 2, 3, 3], [0, 2, 2, 2], true),
  convCase([1, 1, 0, 3], [1, 1, 2, 2], true, { padding: [1, 0] }),
];
