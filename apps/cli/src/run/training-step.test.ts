import { readFileSync } from "node:fs";

import { wasm } from "@tenon/backend-wasm";
import { parseSafetensors, type StoredTensor } from "@tenon/checkpoint";
import type { Decoder, Encoder, EncoderDecoder } from "@tenon/models";
import { filesInMemory, fromPretrained, savePretrained, type Pretrained } from "@tenon/pretrained";
import { type Backend, cpu, crossEntropy, ids, random, reshape } from "@tenon/tensor";
import { AdamW, type Batch, constant, type Objective, type Optimiser, train, type TrainingStep } from "@tenon/training";
import { expect, test } from "vitest";

const goldens = new URL("../../../../packages/", import.meta.url);

interface Rows {
  readonly sources?: readonly (readonly number[])[];
  readonly sourceLengths?: readonly number[];
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
  readonly lengths: readonly number[];
}
/** What packages/training/goldens/step.py wrote. */
interface Golden {
  readonly options: Record<"rate" | "beta1" | "beta2" | "epsilon" | "decay" | "limit", number>;
  readonly labelSmoothing: number;
  readonly batches: readonly Rows[];
  readonly losses: readonly number[];
  readonly norms: readonly number[];
}

/** The loss of each of the golden's models, by hand, so that the objectives are no part of what is compared. */
const lossOf =
  ({ batches, labelSmoothing }: Golden): Objective<Decoder | Encoder | EncoderDecoder> =>
  (model, { inputs, targets, lengths, shape }, on) => {
    const input = { lengths: ids(lengths!, [shape[0]], on, { limit: shape[1] + 1 }) };
    const tokens = ids(inputs, shape, on, { limit: model.vocabulary });
    const right = ids(targets, [targets.length], on, { limit: model.vocabulary, ignore: -100 });
    const { sources, sourceLengths } = batches.find((one) => one.inputs.flat().every((id, i) => id === inputs[i]))!;
    const logits =
      model.spec.kind === "encoder-decoder"
        ? (model as EncoderDecoder).forward(ids(sources!.flat(), shape, on, { limit: model.vocabulary }), tokens, {
            ...input,
            sourceLengths: ids(sourceLengths!, [shape[0]], on, { limit: shape[1] + 1 }),
          })
        : (model as Decoder | Encoder).forward(tokens, input);
    return crossEntropy(reshape(logits, [targets.length, model.vocabulary]), right, { labelSmoothing });
  };

const batchOf = ({ inputs, targets, lengths }: Rows): Batch => ({
  inputs: Int32Array.from(inputs.flat()),
  targets: Int32Array.from(targets.flat()),
  lengths: Int32Array.from(lengths),
  shape: [inputs.length, inputs[0]!.length],
});

/** A golden's model, without the dropout that its config asks for. */
function load(name: string, backend: Backend): Promise<Pretrained> {
  const read = (file: string): Buffer => readFileSync(new URL(`pretrained/goldens/${name}/${file}`, goldens));
  const config = read("config.json")
    .toString()
    .replaceAll(/"(hidden_dropout_prob|attention_probs_dropout_prob)": 0.1/g, '"$1": 0');
  const content = {
    "config.json": new TextEncoder().encode(config),
    "model.safetensors": Uint8Array.from(read("model.safetensors")),
  };
  return fromPretrained(filesInMemory(new Map(Object.entries(content))), { backend });
}

/** Its parameters under the names that Hugging Face's transformers have for them. */
async function named(pretrained: Pretrained): Promise<ReadonlyMap<string, StoredTensor>> {
  const content = new Map<string, Uint8Array>();
  await savePretrained(pretrained, filesInMemory(content));
  return parseSafetensors(content.get("model.safetensors")!).tensors;
}

/** The gradients that an optimiser was given first, under the same names: written into a second model in place of its parameters. */
async function namedGradients(
  name: string,
  on: Backend,
  gradients: ReadonlyMap<string, Float32Array>,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const carrier = await load(name, on);
  for (const [path, parameter] of carrier.model.parameters())
    parameter.assign(gradients.get(path) ?? new Float32Array((await parameter.host()).length));
  return named(carrier);
}

/** An optimiser that keeps the first step's gradients. */
function listening(
  optimiser: AdamW,
  model: Pretrained["model"],
): Optimiser & { readonly heard: Map<string, Promise<Float32Array>> } {
  const heard = new Map<string, Promise<Float32Array>>();
  const paths = new Map([...model.parameters()].map(([path, parameter]) => [parameter, path]));
  return {
    heard,
    get steps() {
      return optimiser.steps;
    },
    step: (gradients, rate) => {
      if (optimiser.steps === 0)
        for (const [parameter, gradient] of gradients)
          heard.set(paths.get(parameter)!, gradient.read() as Promise<Float32Array>);
      optimiser.step(gradients, rate);
    },
    state: () => optimiser.state(),
    load: (state) => optimiser.load(state),
    [Symbol.dispose]: () => optimiser[Symbol.dispose](),
  };
}

/** The largest difference of two arrays, and the largest size of the second's numbers. */
function compare(actual: StoredTensor, expected: StoredTensor): { difference: number; largest: number } {
  const [ours, theirs] = [actual.toFloat32(), expected.toFloat32()];
  expect(ours.length).toBe(theirs.length);
  let [difference, largest] = [0, 0];
  theirs.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(ours[i]! - value));
    largest = Math.max(largest, Math.abs(value));
  });
  return { difference, largest };
}

/** The gradient of a key's bias is 0 but for rounding: it moves all scores of a query alike. */
const rounding = 1e-8;

const backends: Readonly<Record<string, () => Promise<Backend>>> = {
  cpu: async () => cpu(),
  wasm: () => wasm({ threads: 2 }),
};

test.each(
  ["gpt2", "BertForMaskedLM", "bart", "llama-3"].flatMap((name) =>
    Object.keys(backends).map((on) => [name, on] as const),
  ),
)("three steps of training agree with PyTorch: %s on %s", async (name, where) => {
  const on = await backends[where]!();
  const read = (file: string): Buffer => readFileSync(new URL(`training/goldens/steps/${file}`, goldens));
  const golden = JSON.parse(read(`${name}.json`).toString()) as Golden;
  const { tensors } = parseSafetensors(read(`${name}.safetensors`));
  const pretrained = await load(name, on);
  const { rate, limit, ...options } = golden.options;
  const optimiser = listening(new AdamW(pretrained.model, options), pretrained.model);
  const steps: TrainingStep[] = [];
  for await (const step of train({
    model: pretrained.model as Decoder | Encoder | EncoderDecoder,
    objective: lossOf(golden),
    batches: (step) => batchOf(golden.batches[step]!),
    optimiser,
    schedule: constant(rate),
    steps: 3,
    random: random(1),
    clip: limit,
  }))
    steps.push(step);
  for (const [i, { loss, gradientNorm }] of steps.entries()) {
    expect(Math.abs(loss / golden.losses[i]! - 1), `loss ${i}: ${loss}`).toBeLessThan(1e-5);
    expect(Math.abs(gradientNorm / golden.norms[i]! - 1)).toBeLessThan(1e-4);
  }
  const heard = new Map(
    await Promise.all([...optimiser.heard].map(async ([path, values]) => [path, await values] as const)),
  );
  const gradients = await namedGradients(name, on, heard);
  const after = await named(pretrained);
  let compared = 0;
  for (const [key, expected] of tensors) {
    const [kind, ...rest] = key.split(".");
    const path = rest.join(".");
    const actual = (kind === "gradient" ? gradients : after).get(path);
    expect(actual, key).toBeDefined();
    const { difference, largest } = compare(actual!, expected);
    expect(difference, key).toBeLessThan(kind === "gradient" ? Math.max(1e-4 * largest, rounding) : 1e-5);
    compared++;
  }
  expect(compared).toBe(2 * after.size);
});
