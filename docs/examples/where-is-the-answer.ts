// Where is the answer, while a model computes? The decoder that goes on with what repeats itself, read by the logit lens and by activation patching.
import { wasm } from "@tenon/backend-wasm";
import { assemble, Decoder, gpt, type DecoderSpec } from "@tenon/models";
import { patch, trace } from "@tenon/nn";
import { equal, ids, iota, random, reshape, scoped, softmax, where, type Random, type Tensor } from "@tenon/tensor";
import { AdamW, causalLoss, train, warmUpCosine, type Batch } from "@tenon/training";

const [vocabulary, letters, length, batch, steps] = [12, "ABCDEFGHIJKL", 24, 16, 400];

/** Some of the letters in a random order, over and over again. */
function text(draw: Random, period: number, tokens: number): number[] {
  const order = Array.from({ length: vocabulary }, (_, id) => ({ id, place: draw.uniform() }));
  order.sort((a, b) => a.place - b.place);
  return Array.from({ length: tokens }, (_, i) => order[i % period]!.id);
}
/** Rows that repeat after 4 to 9 letters, so that what helps is no fixed distance. */
function batches(step: number): Batch {
  const draw = random(2).fork(step);
  const rows = Array.from({ length: batch }, () => text(draw, 4 + draw.integer(6), length + 1));
  const [inputs, targets] = [rows.flatMap((row) => row.slice(0, -1)), rows.flatMap((row) => row.slice(1))];
  return { inputs: Int32Array.from(inputs), targets: Int32Array.from(targets), shape: [batch, length] };
}

const on = await wasm({ threads: 1, relaxed: false }); // the same bits on every machine
const spec: DecoderSpec = {
  ...gpt({ vocabulary, context: length, width: 32, layers: 2, heads: 1 }),
  position: { kind: "rotary" },
  feedForward: { kind: "mlp", hidden: 4 }, // nearly nothing: attention is to do it
  tokens: { scaled: true },
  initial: "xavier",
  tied: false,
};
const model = await assemble(spec, { seed: 4 }).to(on);
if (!(model instanceof Decoder)) throw new Error("this spec should describe a decoder");
const schedule = warmUpCosine({ rate: 0.01, warmUp: 20, steps });
const optimiser = new AdamW(model, { beta2: 0.98, decay: 0 });
const run = train({ model, objective: causalLoss, batches, optimiser, schedule, steps, random: random(3) });
for await (const { step, loss } of run) if (step === steps) console.log(`trained, loss ${loss.toFixed(1)}`);

// Ten letters, and the first six again. The seventh comes next: what followed the sixth when that was there before.
const clean = text(random(9), 10, 17).slice(0, 16);
const answer = clean[6]!;
const read = (tokens: readonly number[]): Tensor => model.forward(ids(tokens, [1, 16], on, { limit: vocabulary }));
/** How likely the answer is by these logits [1, t, v], at the last position. */
async function share(logits: Tensor): Promise<number> {
  return (await scoped(() => softmax(logits)).read())[15 * vocabulary + answer]!;
}

// The logit lens: what the model would say if it stopped here. The stream goes straight to the last norm and the output.
const points = ["embedding.output", "blocks.0.output", "blocks.1.output"];
const { taps } = trace(model, points, () => read(clean));
for (const name of points) {
  const logits = scoped(() => model.logits(model.norm!.forward(taps[name]![0]!)));
  console.log(`lens at ${name}: ${(await share(logits)).toFixed(1)}`);
}

// Activation patching: the same text with another letter in the sixth place, so that nothing tells what comes after it.
const corrupted = clean.with(
  5,
  [...letters].findIndex((_, id) => !clean.includes(id)),
);
const show = (tokens: readonly number[]): string => tokens.map((id) => letters[id]).join("");
console.log(`${show(clean)} → ${letters[answer]}: ${(await share(read(clean))).toFixed(1)}`);
console.log(`${show(corrupted)} → ${letters[answer]}: ${(await share(read(corrupted))).toFixed(1)}`);
for (const name of points) {
  // One position at a time is put back as it was in the clean run. From nothing to a full block: how likely the answer is then.
  let found = "";
  for (let place = 0; place < 16; place++) {
    const restored = patch(
      model,
      { [name]: (x) => where(equal(reshape(iota(16, 0, on), [1, 16, 1]), place), taps[name]![0]!, x) },
      () => read(corrupted),
    );
    found += " ░▒▓█"[Math.round(4 * (await share(restored)))];
  }
  console.log(`|${found}| ${name}`);
}
on.close();

// prints:
// trained, loss 0.7
// lens at embedding.output: 0.0
// lens at blocks.0.output: 0.1
// lens at blocks.1.output: 1.0
// JEIKBAGHLDJEIKBA → G: 1.0
// JEIKBCGHLDJEIKBA → G: 0.0
// |     █          | embedding.output
// |     ▒█         | blocks.0.output
// |               █| blocks.1.output
