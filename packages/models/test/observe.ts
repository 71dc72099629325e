import { leftPadding } from "@tenon/attention";
import { valueAndGrad, withDropout } from "@tenon/nn";
import { positionsAfterPadding } from "@tenon/positional";
import { concat, crossEntropy, random, reshape, scoped, type Backend, type Tensor } from "@tenon/tensor";

import type { Decoder, DecoderInput } from "../src/decoder.ts";
import type { DecoderSpec, EncoderSpec } from "../src/spec.ts";
import { filled, someIds, upload, whole } from "./models.ts";

/** What a model computes, by what it is. */
export type Observed = ReadonlyMap<string, ArrayLike<number>>;

const [batch, length, padding] = [2, 7, 3];

/**
 * Everything that the parts of a model are asked for: rows of different lengths that end and that begin with padding, the latter with a cache, too,
 * and one step of training with the dropout on.
 */
export async function observe(spec: DecoderSpec | EncoderSpec, on: Backend): Promise<Observed> {
  const model = await filled(spec, on);
  const { vocabulary } = model;
  const ids = someIds(vocabulary, batch * length);
  const seen = new Map<string, ArrayLike<number>>();
  const see = async (what: string, y: Tensor): Promise<void> => {
    seen.set(what, await y.read());
    y[Symbol.dispose]();
  };
  const padded = (): Tensor =>
    model.forward(upload(ids, batch, on), { lengths: whole([length, length - padding], [batch], on) });
  await see("the logits", scoped(padded));

  const inFront = (columns = length): Pick<DecoderInput, "mask" | "positions"> => ({
    mask: leftPadding(whole([0, padding], [batch], on)),
    positions: positionsAfterPadding([0, padding], columns),
  });
  await see(
    "the logits after padding",
    scoped(() => model.forward(upload(ids, batch, on), inFront())),
  );
  if (spec.kind === "decoder") {
    using cache = (model as Decoder).cache();
    const columns = (from: number, to: number): Tensor =>
      upload(
        Array.from({ length: batch }, (_, row) => ids.slice(row * length + from, row * length + to)).flat(),
        batch,
        on,
      );
    // The prompt, which ends right after the padding, a token, and two at once.
    const passes = [
      [0, padding + 1],
      [padding + 1, padding + 2],
      [padding + 2, length],
    ] as const;
    const step = ([from, to]: (typeof passes)[number]): Tensor =>
      (model as Decoder).forward(columns(from, to), { ...inFront(to), cache });
    await see(
      "the logits from a cache",
      scoped(() => concat(passes.map(step), 1)),
    );
  }

  const loss = (): Tensor =>
    crossEntropy(
      reshape(padded(), [batch * length, vocabulary]),
      whole(someIds(vocabulary, batch * length, 2), [batch * length], on),
    );
  const { value, gradients } = withDropout(model, random(3), 0, () => valueAndGrad(model, loss));
  await see("the loss", value);
  for (const [path, parameter] of model.parameters()) await see(`the gradient of ${path}`, gradients.get(parameter)!);
  model[Symbol.dispose]();
  return seen;
}
