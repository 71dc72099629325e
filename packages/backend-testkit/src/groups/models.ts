import { valueAndGrad, type Part } from "@tenon/nn";
import {
  adamwOp,
  cpu,
  crossEntropy,
  ids,
  random,
  reshape,
  slice,
  tensor,
  Variable,
  zeros,
  type Backend,
  type Tensor,
} from "@tenon/tensor";
import { expectNumbers } from "@tenon/tensor/testing";

import { sizeOfLargest } from "../compare.ts";
import { SmallDecoder, sizes as decoderSizes } from "../models/decoder.ts";
import { SmallEncoder, sizes as encoderSizes } from "../models/encoder.ts";
import { disposeAll } from "../run-op.ts";
import type { Group } from "./group.ts";

/** A model and its loss on some data. */
interface Trial {
  readonly model: Part;
  readonly logits: () => Tensor;
  readonly loss: (step: number) => Tensor;
  /** What was uploaded for it. */
  readonly data: readonly Tensor[];
}
const whole = (shape: readonly number[], limit: number, seed: number): number[] => {
  const dice = random(seed);
  return Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => dice.integer(limit));
};

async function decoder(on: Backend): Promise<Trial> {
  const { vocabulary, context } = decoderSizes;
  const model = await new SmallDecoder(random(1)).to(on);
  const input = ids(whole([2, context], vocabulary, 2), [2, context], on, { limit: vocabulary });
  const targets = ids(whole([2, context], vocabulary, 3), [2 * context], on, { limit: vocabulary });
  const logits = (): Tensor => model.forward(input);
  const loss = (): Tensor => crossEntropy(reshape(logits(), [2 * context, vocabulary]), targets);
  return { model, logits, loss, data: [input, targets] };
}

async function encoder(on: Backend): Promise<Trial> {
  const { vocabulary, context } = encoderSizes;
  const model = await new SmallEncoder(random(4)).to(on);
  const input = ids(whole([3, context], vocabulary, 5), [3, context], on, { limit: vocabulary });
  const lengths = tensor([context, 3, 1], [3], on, "i32");
  const masked = whole([3, context], vocabulary, 6).map((id, i) => (i % 3 === 0 ? id : -100));
  const targets = ids(masked, [3 * context], on, { limit: vocabulary, ignore: -100 });
  const logits = (): Tensor => model.forward(input, lengths);
  const loss = (step: number): Tensor =>
    crossEntropy(reshape(model.forward(input, lengths, step), [3 * context, vocabulary]), targets);
  return { model, logits, loss, data: [input, lengths, targets] };
}

/** Everything that a trial shows: logits, then losses and gradients of three steps, then the parameters. */
async function observe(make: (on: Backend) => Promise<Trial>, on: Backend): Promise<Map<string, ArrayLike<number>>> {
  const seen = new Map<string, ArrayLike<number>>();
  const { model, logits, loss, data } = await make(on);
  const parameters = [...model.parameters()];
  const moments = parameters.map(([, { type }]) =>
    [zeros(type.shape, on), zeros(type.shape, on)].map((x) => Variable.holding(x)),
  );
  try {
    using y = logits();
    seen.set("the logits", await y.read());
    for (let step = 1; step <= 3; step++) {
      const { value, gradients } = valueAndGrad(model, () => loss(step));
      try {
        seen.set(`the loss of step ${step}`, await value.read());
        for (const [i, [path, parameter]] of parameters.entries()) {
          const gradient = gradients.get(parameter);
          if (gradient === undefined) throw new Error(`${path} got no gradient`);
          if (step === 1) seen.set(`the gradient of ${path}`, await gradient.read());
          const attrs = { rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, decay: 0.1, step };
          Variable.update(adamwOp, [parameter, ...moments[i]!], [gradient], attrs);
        }
      } finally {
        disposeAll([value, ...gradients.values()]);
      }
    }
    for (const [path, parameter] of parameters) seen.set(`${path} after three steps`, await parameter.host());
    return seen;
  } finally {
    disposeAll([...data, ...moments.flat(), model]);
  }
}

const references = new Map<unknown, Promise<Map<string, ArrayLike<number>>>>();
async function agree(make: (on: Backend) => Promise<Trial>, on: Backend, tolerance: number): Promise<void> {
  const reference = references.get(make) ?? observe(make, cpu({ precision: "f64", fused: false }));
  references.set(make, reference);
  const [expected, actual] = [await reference, await observe(make, on)];
  for (const [what, data] of expected)
    expectNumbers(actual.get(what)!, data, tolerance, what, Math.max(1e-3, sizeOfLargest(data)));
}

/** Feeds one token at a time through a cache, and compares with the whole text at once. */
async function decodes(on: Backend, tolerance: number): Promise<void> {
  const { vocabulary, context } = decoderSizes;
  const model = await new SmallDecoder(random(1)).to(on);
  const text = whole([2, context], vocabulary, 2);
  const column = (from: number, n: number): Tensor => {
    const those = [0, 1].flatMap((row) => text.slice(row * context + from, row * context + from + n));
    return ids(those, [2, n], on, { limit: vocabulary });
  };
  using all = column(0, context);
  using full = model.forward(all);
  const caches = model.caches(2, all);
  try {
    for (const [from, n] of [
      [0, 3],
      [3, 1],
      [4, 2],
      [6, 1],
      [7, 1],
      [8, 1],
    ] as const) {
      using piece = column(from, n);
      using logits = model.forward(piece, from, caches);
      using expected = slice(full, 1, from, n);
      const data = await expected.read();
      expectNumbers(
        await logits.read(),
        data,
        tolerance,
        `the logits of positions ${from} to ${from + n - 1}`,
        sizeOfLargest(data),
      );
    }
  } finally {
    disposeAll([...caches.flat(), model]);
  }
}

/** `models/…`: a small decoder and a small encoder, forward, backward and three steps of AdamW, against double precision. */
export const models: Group = () => [
  ["models/decoder", (on, { model }) => agree(decoder, on, model)],
  ["models/encoder", (on, { model }) => agree(encoder, on, model)],
  ["models/decoding with a cache gives what the whole text gives", (on, { model }) => decodes(on, model)],
];
