import { ConfigError, ShapeError } from "../errors.ts";
import { apply, type Composite } from "../op.ts";
import { scoped } from "../scope.ts";
import { show, sizeOf, type Shape, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { matmul } from "./matmul.ts";
import { expectDType, expectFloat } from "./operand.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { checkWhole, padEnds, windowCount, windows, type HeightWidth, type Window } from "./windows.ts";

/** The attributes of {@link conv2dOp}: all options as numbers, rows first. */
export type Conv2dAttrs = { stride: HeightWidth; padding: HeightWidth; dilation: HeightWidth; groups: number };

/** How a convolution walks; each number for all axes, or one for each. */
export interface ConvOptions<Each> {
  /** How many cells apart the results are taken. Default 1. */
  readonly stride?: number | Each;
  /**
   * Zeros at both ends. "same" takes as many as keep the size of x: (size − 1) · dilation / 2, which must be whole, and stride 1.
   * Default 0.
   */
  readonly padding?: number | Each | "same";
  /** How many cells apart the weights are laid on x. Default 1. */
  readonly dilation?: number | Each;
  /**
   * Parts into which the channels are cut, each convolved for itself; as many as channels is a depthwise convolution. Default 1.
   */
  readonly groups?: number;
}

type Walk = { stride: readonly number[]; padding: readonly number[]; dilation: readonly number[]; groups: number };
const axesOf = { conv1d: ["t"], conv2d: ["h", "w"] } as const;
const kernelAxes = { conv1d: "k", conv2d: "kh, kw" };
type Name = keyof typeof axesOf;

const windowsOf = ({ stride, dilation }: Walk, kernel: Shape): Window[] =>
  kernel.map((size, i) => ({ size, stride: stride[i]!, dilation: dilation[i]! }));

/** The type of a convolution over any number of axes. */
function convolved(
  op: Name,
  [x, weight, bias]: readonly [TensorType, TensorType, TensorType | undefined],
  walk: Walk,
): TensorType {
  const axes = axesOf[op];
  const dtype = expectFloat(op, x, "x");
  expectDType(op, weight, dtype, "the weight");
  if (bias !== undefined) expectDType(op, bias, dtype, "the bias");
  const { groups } = walk;
  for (const option of ["stride", "dilation"] as const) checkWhole(op, option, walk[option], axes.length, 1);
  checkWhole(op, "padding", walk.padding, axes.length, 0);
  checkWhole(op, "groups", [groups], 1, 1);
  const fail = (why: string): never => {
    throw new ShapeError(`${op}: x ${show(x.shape)} with weight ${show(weight.shape)}: ${why}`, {
      x: x.shape,
      weight: weight.shape,
      groups,
    });
  };
  const rank = axes.length + 2;
  if (x.shape.length !== rank || weight.shape.length !== rank)
    fail(`x must be [b, c, ${axes.join(", ")}] and the weight [out, c / groups, ${kernelAxes[op]}]`);
  const [b, c, ...cells] = x.shape as [number, number, ...number[]];
  const [out, each, ...kernel] = weight.shape as [number, number, ...number[]];
  if (c % groups !== 0 || out % groups !== 0)
    fail(`${groups} groups cannot share ${c} channels and ${out} outputs evenly`);
  if (each * groups !== c)
    fail(`with ${c} channels and groups = ${groups}, the weight must be [${out}, ${c / groups}, …]`);
  if (kernel.includes(0)) fail("the kernel has no cells");
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== out))
    throw new ShapeError(`${op}: the bias must be [${out}], got ${show(bias.shape)}`, { bias: bias.shape, out });
  const counts = windowsOf(walk, kernel).map((window, i) =>
    windowCount(op, axes[i]!, cells[i]!, walk.padding[i]!, window),
  );
  return { dtype, shape: [b, out, ...counts] };
}

/** Axes 0 and 1 swapped; nothing is copied where one of them has size 1. */
function swapped(x: Tensor): Tensor {
  const [a, b, ...rest] = x.shape as [number, number, ...number[]];
  return a === 1 || b === 1 ? reshape(x, [b, a, ...rest]) : permute(x, [1, 0, ...rest.map((_, i) => i + 2)]);
}

/** The op that {@link conv2d} applies, for backends that bring a kernel for it. */
export const conv2dOp: Composite<[x: Tensor, weight: Tensor, bias: Tensor | undefined], Conv2dAttrs> = {
  kind: "composite",
  name: "conv2d",
  infer: (inputs, attrs) => convolved("conv2d", inputs, attrs),
  flops: ([, weight, bias], y) => sizeOf(y.shape) * (2 * sizeOf(weight.shape.slice(1)) + (bias === undefined ? 0 : 1)),
  // One product for each group: the weight as [out, c · kh · kw] times what the windows see, [c · kh · kw, b · rows · columns].
  compose: ([x, weight, bias], attrs) => {
    const { padding, groups } = attrs;
    const [out, each, ...kernel] = weight.shape as [number, number, number, number];
    const inner = each * sizeOf(kernel);
    const y = scoped(() => {
      const product = scoped(() => {
        const seen = scoped(() => windows(padEnds(swapped(x), padding), 1, windowsOf(attrs, kernel)));
        const cells = seen.shape.slice(3); // [b, rows, columns]
        const columns = reshape(seen, [groups, inner, sizeOf(cells)]);
        return reshape(matmul(reshape(weight, [groups, out / groups, inner]), columns), [out, ...cells]);
      });
      return swapped(product);
    });
    return bias === undefined ? y : add(y, reshape(bias, [out, 1, 1]));
  },
};

const listOf = <Each extends readonly number[]>(value: number | Each, axes: number): readonly number[] =>
  typeof value === "number" ? new Array<number>(axes).fill(value) : value;

/** Every option as numbers, one for each axis. */
function walkOf<Each extends readonly number[]>(
  op: Name,
  weight: Tensor,
  { stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvOptions<Each>,
): Walk {
  const axes = axesOf[op].length;
  const [strides, dilations] = [listOf(stride, axes), listOf(dilation, axes)];
  if (padding !== "same") return { stride: strides, padding: listOf(padding, axes), dilation: dilations, groups };
  const kernel = weight.rank === axes + 2 ? weight.shape.slice(2) : strides.map(() => 1); // a wrong one is refused for its axes
  const around = kernel.map((size, i) => ((size - 1) * dilations[i]!) / 2);
  if (strides.some((n) => n !== 1) || !around.every(Number.isInteger)) {
    throw new ConfigError(
      `${op}: padding "same" needs stride 1 and the same number of zeros at both ends, got stride ${show(strides)} and a weight ${show(weight.shape)} with dilation ${show(dilations)}; give the padding as a number, or pad() x`,
      { op, stride: strides, weight: weight.shape, dilation: dilations },
    );
  }
  return { stride: strides, padding: around, dilation: dilations, groups };
}

/**
 * A convolution of pictures, without flipping the kernel, with zeros beyond the edges: over the channels c of o's group,
 * y[b, o, i, j] = bias[o] +
 * Σ weight[o, c, p, q] · x[b, c, i · stride + p · dilation − padding, j · stride + q · dilation − padding].
 * x [b, c, h, w], weight [out, c / groups, kh, kw], bias [out] → [b, out, rows, columns], where rows =
 * ⌊(h + 2 · padding − dilation · (kh − 1) − 1) / stride⌋ + 1, and columns likewise. f32, f16 or bf16, the same for all.
 *
 * Composed, it copies what every window sees, kh · kw cells for each result, and multiplies once. Throws `ShapeError` where
 * sizes do not fit or a kernel is larger than the padded x, `DTypeError`, and `ConfigError` for an option that cannot be
 * honoured.
 *
 * Gradient: to x, weight and bias, through the composition, which keeps what the windows see for it.
 *
 * LeCun et al. 1989, "Backpropagation applied to handwritten zip code recognition"; dilation: Yu and Koltun 2016, arXiv:1511.07122.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const x = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3], on);
 * const edge = tensor([1, -1], [1, 1, 1, 2], on);
 * const y = conv2d(x, edge, undefined, { stride: [2, 1] }); // rows 0 and 2
 * console.log(y.shape, await y.read()); // [ 1, 1, 2, 2 ] Float32Array(4) [ -1, -1, -1, -1 ]
 * ```
 */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvOptions<HeightWidth> = {}): Tensor {
  return apply(conv2dOp, [x, weight, bias], walkOf("conv2d", weight, options) as Conv2dAttrs);
}

/**
 * A convolution along time, {@link conv2d} over pictures one cell high:
 * y[b, o, i] = bias[o] + Σ weight[o, c, p] · x[b, c, i · stride + p · dilation − padding].
 * x [b, c, t], weight [out, c / groups, k], bias [out] → [b, out, steps], where steps =
 * ⌊(t + 2 · padding − dilation · (k − 1) − 1) / stride⌋ + 1. Throws as conv2d does. For a causal convolution `pad()` x in front.
 *
 * Gradient: to x, weight and bias, as that of conv2d.
 *
 * Waibel et al. 1989, "Phoneme recognition using time-delay neural networks".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const x = tensor([1, 2, 3, 4], [1, 1, 4], on);
 * const weight = tensor([1, 1, 1], [1, 1, 3], on);
 * console.log(await conv1d(x, weight, undefined, { padding: "same" }).read()); // Float32Array(4) [ 3, 6, 9, 7 ]
 * ```
 */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor,
  options: ConvOptions<readonly [t: number]> = {},
): Tensor {
  const walk = walkOf("conv1d", weight, options);
  const { shape } = convolved("conv1d", [x.type, weight.type, bias?.type], walk);
  const { stride, padding, dilation, groups } = walk;
  const flat = (y: Tensor): Tensor => reshape(y, [y.shape[0]!, y.shape[1]!, 1, y.shape[2]!]);
  return scoped(() => {
    const attrs: Conv2dAttrs = {
      stride: [1, stride[0]!],
      padding: [0, padding[0]!],
      dilation: [1, dilation[0]!],
      groups,
    };
    return reshape(apply(conv2dOp, [flat(x), flat(weight), bias], attrs), shape);
  });
}
