// One attention layer learns to look things up: of letters that have a digit each, in
// random order, it is asked for the digit of one. Nothing but the letter says where to
// look, and the pattern shows that this is where it looks.
import { MultiHeadAttention } from "@tenon/attention";
import { Embedding, Linear, Module, normal, trace, valueAndGrad } from "@tenon/nn";
import { add, argMax, concat, cpu, crossEntropy, ids, random, reshape, slice, type Tensor } from "@tenon/tensor";
import { AdamW } from "@tenon/training";

const [letters, seed, on] = ["abcdef", random(1), cpu()];
const [n, digits, d] = [letters.length, 10, 16];

/**
 * Letters [b, n + 1], the last of them the one that is asked for, and the digits [b, n] of
 * the first n → logits [b, 10].
 */
class LookUp extends Module<[letters: Tensor, digits: Tensor], Tensor> {
  readonly letters = new Embedding({ count: n, width: d, random: seed.fork("letters"), initial: (r) => normal(r, 1) });
  readonly digits = new Embedding({
    count: digits,
    width: d,
    random: seed.fork("digits"),
    initial: (r) => normal(r, 1),
  });
  readonly attention = new MultiHeadAttention({ width: d, heads: 1, random: seed.fork("attention") });
  readonly output = new Linear({ input: d, output: digits, random: seed.fork("output") });

  protected override compute(shown: Tensor, beside: Tensor): Tensor {
    const [words, asked] = [slice(shown, 1, 0, n), slice(shown, 1, n, 1)];
    const pairs = add(this.letters.forward(words), this.digits.forward(beside)); // [b, n, d]
    const x = concat([pairs, this.letters.forward(asked)], 1); // [b, n + 1, d]
    const last = slice(this.attention.forward(x), 1, n, 1);
    return this.output.forward(reshape(last, [shown.shape[0]!, d]));
  }
}

const model = await new LookUp().to(on);
const draw = seed.fork("draw");
function batchOf(b: number): { shown: Tensor; beside: Tensor; wanted: Tensor; text: string } {
  const [shown, beside, wanted]: [number[], number[], number[]] = [[], [], []];
  for (let row = 0; row < b; row++) {
    const order = Array.from({ length: n }, (_, i) => ({ i, by: draw.normal() })).toSorted((x, y) => x.by - y.by);
    const [given, at] = [Array.from({ length: n }, () => draw.integer(digits)), draw.integer(n)];
    shown.push(...order.map(({ i }) => i), order[at]!.i);
    beside.push(...given);
    wanted.push(given[at]!);
  }
  return {
    shown: ids(shown, [b, n + 1], on, { limit: n }),
    beside: ids(beside, [b, n], on, { limit: digits }),
    wanted: ids(wanted, [b], on, { limit: digits }),
    text: shown
      .slice(0, n + 1)
      .map((i, at) => `${letters[i]}${beside[at] ?? "?"}`)
      .join(" "),
  };
}

const optimiser = new AdamW(model, { decay: 0 });
for (let step = 0; step <= 150; step++) {
  const { shown, beside, wanted } = batchOf(64);
  const { value, gradients } = valueAndGrad(model, () => crossEntropy(model.forward(shown, beside), wanted));
  if (step % 50 === 0) console.log(`step ${step}: loss ${(await value.read())[0]!.toFixed(2)}`);
  optimiser.step(gradients, 1e-2);
  for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
}

for (let asked = 0; asked < 3; asked++) {
  const { shown, beside, text } = batchOf(1);
  const { output, taps } = trace(model, ["attention.pattern"], () => model.forward(shown, beside));
  const row = [...(await taps["attention.pattern"]![0]!.read())].slice(-(n + 1));
  console.log(`${text} → ${(await argMax(output).read())[0]}`);
  console.log(
    row
      .map((weight) => " ░▒▓█"[Math.round(4 * weight)]!.repeat(2))
      .join(" ")
      .trimEnd(),
  );
}

// prints:
// step 0: loss 2.49
// step 50: loss 0.03
// step 100: loss 0.00
// step 150: loss 0.00
// d1 a2 b3 c7 e6 f2 c? → 7
//          ▓▓       ░░
// c8 a4 f9 b5 d3 e3 a? → 4
//    ▓▓             ░░
// a0 c6 b0 d8 e0 f5 d? → 8
//          ▒▒       ▒▒
