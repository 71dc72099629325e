import { loadParameters, parseSafetensors } from "@tenon/checkpoint";
import { assemble, type Decoder, type Encoder } from "@tenon/models";
import { valueAndGrad } from "@tenon/nn";
import { cpu, ids, type Backend } from "@tenon/tensor";
import { loadTokenizer, type Tokenizer } from "@tenon/tokenizers";
import { AdamW, causalLoss, maskedLoss, type Batch, type Objective } from "@tenon/training";
import { expect, test } from "vitest";

import { asked } from "./asked.ts";
import { largestDifference } from "./numbers.ts";
import { open, settle, take, type Place } from "./place.ts";

/** Gives a file of the models that come with Tenon. */
export type Load = (name: "story-decoder" | "story-encoder") => Promise<ArrayBuffer>;
/** What a model says and learns, by what it is. */
type Seen = Map<string, ArrayLike<number>>;

const text = "One day Lily saw a big green ball.";
const [count, rate] = [40, 0.01];

async function shipped<M extends Decoder | Encoder>(
  bytes: ArrayBuffer,
  on: Backend,
): Promise<{ readonly model: M; readonly tokenizer: Tokenizer }> {
  const file = parseSafetensors(new Uint8Array(bytes), { name: "a model that comes with Tenon" });
  const { spec, tokenizer } = JSON.parse(file.metadata["tenon"]!) as { spec: unknown; tokenizer: unknown };
  const model = assemble(spec);
  loadParameters(model, file);
  await model.to(on);
  return { model: model as M, tokenizer: loadTokenizer(tokenizer) };
}

/** One step of training: the loss, the gradients, and the parameters after it. */
async function learn<M extends Decoder | Encoder>(
  model: M,
  objective: Objective<M>,
  batch: Batch,
  seen: Seen,
): Promise<void> {
  // With the usual ε the first step is as long for every gradient, and rounding decides the direction of the smallest.
  using optimiser = new AdamW(model, { epsilon: 1e-3 });
  const { value, gradients } = valueAndGrad(model, () => objective(model, batch, model.backend));
  seen.set("the loss", await take(value));
  const parameters = [...model.parameters()];
  for (const [path, parameter] of parameters)
    seen.set(`the gradient of ${path}`, await gradients.get(parameter)!.read());
  optimiser.step(gradients, rate);
  for (const gradient of gradients.values()) gradient[Symbol.dispose]();
  for (const [path, parameter] of parameters) seen.set(`${path} after a step`, await parameter.host());
}

async function decoder(bytes: ArrayBuffer, on: Backend): Promise<Seen> {
  const { model, tokenizer } = await shipped<Decoder>(bytes, on);
  const seen: Seen = new Map();
  const given = tokenizer.encode(text);
  using input = ids(given, [1, given.length], on, { limit: model.vocabulary });
  seen.set("the logits", await take(model.forward(input)));
  const tokens: number[] = [];
  using cache = model.cache(given.length + count);
  let logits = await take(model.next(input, cache));
  for (;;) {
    const best = logits.indexOf(Math.max(...logits));
    tokens.push(best);
    if (tokens.length === count) break;
    using last = ids([best], [1, 1], on, { limit: model.vocabulary });
    logits = await take(model.next(last, cache));
  }
  seen.set(`${count} tokens`, tokens);
  seen.set("the logits after them", logits);
  const [inputs, targets] = [given.slice(0, -1), given.slice(1)].map((each) => Int32Array.from(each));
  await learn(model, causalLoss, { inputs: inputs!, targets: targets!, shape: [1, inputs!.length] }, seen);
  model[Symbol.dispose]();
  return seen;
}

async function encoder(bytes: ArrayBuffer, on: Backend): Promise<Seen> {
  const { model, tokenizer } = await shipped<Encoder>(bytes, on);
  const seen: Seen = new Map();
  const given = tokenizer.encode(text);
  const masked = Int32Array.from(given, (id, i) => (i % 3 === 1 ? tokenizer.special["mask"]! : id));
  using input = ids(masked, [1, given.length], on, { limit: model.vocabulary });
  seen.set("the logits", await take(model.forward(input)));
  const targets = Int32Array.from(given, (id, i) => (i % 3 === 1 ? id : -100));
  await learn(model, maskedLoss, { inputs: masked, targets, shape: [1, given.length] }, seen);
  model[Symbol.dispose]();
  return seen;
}

const references = new Map<unknown, Promise<Seen>>();
/** The models that come with Tenon say and learn the same as on the reference, but for the rounding of f32. */
export function testShippedModels(place: Place, load: Load): void {
  test.each([
    ["story-decoder", decoder],
    ["story-encoder", encoder],
  ] as const)("%s is what it is on cpu()", async (name, observe) => {
    const bytes = await load(name);
    const reference = references.get(name) ?? observe(bytes, cpu());
    references.set(name, reference);
    const on = await open(place);
    const start = performance.now();
    const [right, actual] = [await reference, await observe(bytes, on)];
    const seconds = (performance.now() - start) / 1000;
    const worst: Record<string, number> = {};
    for (const [what, data] of right) {
      // Gradients and changes are measured against the largest, as rounding does.
      const off = largestDifference(actual.get(what)!, data);
      const kind = /gradient|after a step/.exec(what)?.[0] ?? what;
      worst[kind] = Math.max(worst[kind] ?? 0, off);
      expect(off, what).toBeLessThanOrEqual(what === `${count} tokens` ? 0 : 1e-4);
    }
    await settle(on);
    report(name, place, { seconds, compiled: on.compiled, ...worst });
    expect(on.arrays).toBe(0);
    on.close();
  });
}

/** Prints what was measured, where VITE_MEASURE asks for it. */
export function report(what: string, place: Place, measured: Record<string, number>): void {
  if (asked("VITE_MEASURE") !== undefined) console.log(what, JSON.stringify(place), JSON.stringify(measured));
}
