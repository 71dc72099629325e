import {
  add,
  apply,
  argMax,
  cast,
  type Composite,
  ConfigError,
  div,
  DTypeError,
  equal,
  iota,
  isFloat,
  max,
  mul,
  type RandomKey,
  reshape,
  scoped,
  softmax,
  stopGradient,
  sub,
  sum,
  type Tensor,
  type TensorType,
} from "@tenon/tensor";
import { gumbelNoise } from "./gumbel-noise.ts";

const kept = { keepDims: true } as const;

/** What changes from step to step is dynamic, so that annealing compiles nothing new. The axis counts from 0. */
export type GumbelSoftmaxAttrs = { axis: number; temperature: number; key: RandomKey; counter: number };
type GumbelSoftmaxOp = Composite<[logits: Tensor], GumbelSoftmaxAttrs>;
const dynamic = ["temperature", "key", "counter"] as const;

// Between these, f32 has numbers for the temperature and for 1 divided by it.
const [coldest, hottest] = [1e-37, 1e37];

function checkCall([logits]: readonly [TensorType], { temperature, key, counter }: GumbelSoftmaxAttrs): TensorType {
  if (!isFloat(logits.dtype)) {
    throw new DTypeError(`gumbelSoftmax: logits must be f32, f16 or bf16, got ${logits.dtype}; cast() them`, {
      expected: ["f32", "f16", "bf16"],
      actual: logits.dtype,
    });
  }
  if (!(typeof temperature === "number" && temperature >= coldest && temperature <= hottest)) {
    throw new ConfigError(
      `gumbelSoftmax: the temperature must be a number from ${coldest} to ${hottest}, got ${temperature}. ` +
        "For the limit at 0, the choice itself, take { hard: true } at any temperature.",
      { temperature },
    );
  }
  if (!(key?.length === 2 && key.every(Number.isSafeInteger) && Number.isSafeInteger(counter))) {
    throw new ConfigError(
      `gumbelSoftmax: the noise needs a key, such as random(7).key, and a whole number as counter, such as the step; got ${String(key)} and ${counter}`,
      { key: key ?? null, counter },
    );
  }
  return logits;
}

/** z + g in f32, since a half would round the noise away. */
const perturbed = (logits: Tensor, { key, counter }: GumbelSoftmaxAttrs): Tensor =>
  add(cast(logits, "f32"), gumbelNoise(logits.shape, key, counter, logits.backend));

/** The gradient to the logits through y = softmax((z + g) / τ), which needs neither z nor g: y · (u − Σ u y) / τ with u from upstream. */
const throughSoft = (y: Tensor, upstream: Tensor, { axis, temperature }: GumbelSoftmaxAttrs): Tensor =>
  scoped(() => {
    const [wide, u] = [cast(y, "f32"), cast(upstream, "f32")];
    return cast(div(mul(wide, sub(u, sum(mul(u, wide), axis, kept))), temperature), y.dtype);
  });

export const gumbelSoftmaxOp: GumbelSoftmaxOp = {
  kind: "composite",
  name: "tenon/gumbel-softmax",
  infer: checkCall,
  saves: "output",
  dynamic,
  compose: ([logits], attrs) => {
    const scores = perturbed(logits, attrs);
    const below = sub(scores, stopGradient(max(scores, attrs.axis, kept))); // shifted first: what is divided by a small τ must not overflow
    return cast(softmax(div(below, attrs.temperature), attrs.axis), logits.dtype);
  },
  gradient: ({ output, upstream, attrs }) => [() => throughSoft(output, upstream, attrs)],
};

/** The one-hot form: the derivative of its composition is 0 everywhere, and its rule is that of the soft form with the same noise. */
export const straightThroughGumbelSoftmaxOp: GumbelSoftmaxOp = {
  kind: "composite",
  name: "tenon/straight-through-gumbel-softmax",
  infer: checkCall,
  saves: "inputs",
  dynamic,
  compose: ([logits], attrs) => {
    const { shape } = logits;
    const at = argMax(perturbed(logits, attrs), attrs.axis); // of z + g, since at a high temperature the softmax rounds to ties
    const classes = reshape(
      iota(shape[attrs.axis]!, 0, logits.backend),
      shape.slice(attrs.axis).map((size, i) => (i === 0 ? size : 1)),
    );
    return cast(equal(reshape(at, shape.with(attrs.axis, 1)), classes), logits.dtype);
  },
  // Draws the same noise again instead of keeping the soft form.
  gradient: ({ inputs, upstream, attrs }) => [
    () => scoped(() => throughSoft(apply(gumbelSoftmaxOp, inputs, attrs), upstream, attrs)),
  ],
};
