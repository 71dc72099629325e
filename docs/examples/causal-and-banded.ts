// What each token sees in a decoder whose layers are dense and banded in turn, as GPT-3's are; and what it cannot see.
import { assemble, Decoder, gpt3 } from "@tenon/models";
import { trace } from "@tenon/nn";
import { cpu, ids } from "@tenon/tensor";

const [on, vocabulary, t] = [cpu(), 50, 8];
const spec = gpt3({ vocabulary, context: 16, width: 32, layers: 2, heads: 2, window: 3 });
const model = await assemble(spec, { seed: 7 }).to(on);
if (!(model instanceof Decoder)) throw new Error("this spec should describe a decoder");

const read = (tokens: readonly number[]) => model.forward(ids(tokens, [1, tokens.length], on, { limit: vocabulary }));
const text = [3, 1, 4, 1, 5, 9, 2, 6];
const { output, taps } = trace(model, ["blocks.*.attention.pattern"], () => read(text));
const [dense, banded] = await Promise.all(Object.values(taps).map(([pattern]) => pattern!.read())); // each [1, h, t, s]
const row = (pattern: ArrayLike<number>, query: number): string =>
  Array.from({ length: t }, (_, key) => (pattern[query * t + key]! > 0 ? "■" : "·")).join(" ");
for (let query = 0; query < t; query++) console.log(row(dense!, query), "  ", row(banded!, query));

// Other tokens from the sixth on: the logits [t, v] of the five before must stay as they are.
const [before, after] = [await output.read(), await read([...text.slice(0, 5), 0, 0, 0]).read()];
for (const at of [0, 4, 5]) {
  const moves = Array.from({ length: vocabulary }, (_, v) =>
    Math.abs(after[at * vocabulary + v]! - before[at * vocabulary + v]!),
  );
  console.log(`position ${at}: logits move by up to`, Math.max(...moves).toFixed(2));
}

// prints:
// ■ · · · · · · ·    ■ · · · · · · ·
// ■ ■ · · · · · ·    ■ ■ · · · · · ·
// ■ ■ ■ · · · · ·    ■ ■ ■ · · · · ·
// ■ ■ ■ ■ · · · ·    · ■ ■ ■ · · · ·
// ■ ■ ■ ■ ■ · · ·    · · ■ ■ ■ · · ·
// ■ ■ ■ ■ ■ ■ · ·    · · · ■ ■ ■ · ·
// ■ ■ ■ ■ ■ ■ ■ ·    · · · · ■ ■ ■ ·
// ■ ■ ■ ■ ■ ■ ■ ■    · · · · · ■ ■ ■
// position 0: logits move by up to 0.00
// position 4: logits move by up to 0.00
// position 5: logits move by up to 0.21
