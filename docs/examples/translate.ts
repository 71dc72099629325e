// An encoder–decoder by hand, as in Vaswani et al. 2017, "Attention is all you need": post-norm blocks, sinusoidal positions, one token
// table for both languages and the output. It learns to translate numbers from English to German, which says units before tens.
import { causal, KeptMemory, MultiHeadAttention, MultiHeadCrossAttention, padding } from "@tenon/attention";
import { wasm } from "@tenon/backend-wasm";
import { CrossAttentionBlock, MLP, PostNorm, Stack, TransformerBlock, type Residual } from "@tenon/blocks";
import { InputEmbedding, ScaledEmbedding, TiedOutput, TokenEmbedding } from "@tenon/embeddings";
import { LayerNorm, Module, valueAndGrad } from "@tenon/nn";
import { Extent, SinusoidalPosition } from "@tenon/positional";
import { argMax, crossEntropy, ids, random, relu, reshape, scoped, sizeOf, tensor, type Tensor } from "@tenon/tensor";
import { AdamW, warmUpLinear } from "@tenon/training";

// What the languages have words for: 0 to 19, the tens, a hundred, and.
const english = `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
  seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred`.split(/\s+/);
const german = `null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn
  siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert und`.split(/\s+/);
const words = ["<padding>", "<start>", "<end>", ...english, ...german];
const [vocabulary, ignored] = [words.length, -100];

/** A number from 1 to 999: 347 is "three hundred forty seven" and "drei hundert sieben und vierzig". */
function say(n: number, language: readonly string[]): string[] {
  const [hundreds, rest] = [Math.floor(n / 100), n % 100];
  const [tens, units] = rest < 20 ? [0, rest] : [18 + Math.floor(rest / 10), rest % 10];
  const turned = language === german && tens > 0 && units > 0;
  const places = [...(hundreds > 0 ? [hundreds, 28] : []), ...(turned ? [units, 29, tens] : [tens, units])];
  return places.filter((place) => place > 0).map((place) => language[place]!);
}

const [on, seed] = [await wasm({ threads: 1 }), random(7)];
const [width, heads, hidden, layers] = [32, 4, 64, 2];

/** source [b, s] of these lengths [b], and the target so far [b, t] → what comes next [b, t, v]. */
class Translator extends Module<[source: Tensor, lengths: Tensor, target: Tensor], Tensor> {
  readonly tokens = new TokenEmbedding({ vocabulary, width, random: seed.fork("tokens") });
  readonly embedding = new InputEmbedding({
    tokens: new ScaledEmbedding(this.tokens),
    position: new SinusoidalPosition({ width }),
  });
  readonly encoder = new Stack(layers, (layer) => {
    const random = seed.fork("encoder").fork(layer);
    const attention = new MultiHeadAttention({ width, heads, random: random.fork("attention") });
    const feedForward = new MLP({ width, hidden, activation: relu, random: random.fork("feedForward") });
    return new TransformerBlock({ attention, feedForward, residual });
  });
  readonly decoder = new Stack(layers, (layer) => {
    const random = seed.fork("decoder").fork(layer);
    const attention = new MultiHeadAttention({ width, heads, random: random.fork("attention") });
    const crossAttention = new MultiHeadCrossAttention({ width, heads, random: random.fork("crossAttention") });
    const feedForward = new MLP({ width, hidden, activation: relu, random: random.fork("feedForward") });
    return new CrossAttentionBlock({ attention, crossAttention, feedForward, residual });
  });
  readonly output = new TiedOutput(this.tokens);

  /** The memory [b, s, d] that the decoder looks at. */
  encode(source: Tensor, lengths: Tensor): Tensor {
    return scoped(() => this.encoder.forward(this.embedding.forward(source), { mask: padding(lengths) }));
  }
  protected override compute(source: Tensor, lengths: Tensor, target: Tensor): Tensor {
    const options = { mask: causal(), memory: this.encode(source, lengths), memoryMask: padding(lengths) };
    return this.output.forward(this.decoder.forward(this.embedding.forward(target), options));
  }
}
function residual(): Residual {
  return new PostNorm({ norm: new LayerNorm(width) });
}

/** Sentences as ids [b, t], and their lengths [b]. What fills up the shorter ones is masked, or as `ignored` left out of the loss. */
function batchOf(sentences: readonly (readonly string[])[], filler = 0): [sentences: Tensor, lengths: Tensor] {
  const [b, lengths] = [sentences.length, sentences.map((sentence) => sentence.length)];
  const t = Math.max(...lengths);
  const row = (sentence: readonly string[]): number[] =>
    Array.from({ length: t }, (_, i) => (i < sentence.length ? words.indexOf(sentence[i]!) : filler));
  return [
    ids(sentences.flatMap(row), [b, t], on, { limit: vocabulary, ignore: ignored }),
    tensor(lengths, [b], on, "i32"),
  ];
}

// Training: every word of a translation is predicted from the source and the words before it. Some numbers are kept for the test.
const model = await new Translator().to(on);
const numbers = Array.from({ length: 999 }, (_, i) => i + 1);
const unseen = numbers.filter((n) => n > 100 && n % 11 === 7);
const known = numbers.filter((n) => !unseen.includes(n));
const [steps, draw, optimiser] = [400, seed.fork("batches"), new AdamW(model, { beta2: 0.98 })];
const rate = warmUpLinear({ rate: 5e-3, warmUp: 40, steps });
for (let step = 0; step < steps; step++) {
  const chosen = Array.from({ length: 64 }, () => known[draw.integer(known.length)]!);
  const { value, gradients } = valueAndGrad(model, () => {
    const [source, lengths] = batchOf(chosen.map((n) => say(n, english)));
    const [given] = batchOf(chosen.map((n) => ["<start>", ...say(n, german)]));
    const [wanted] = batchOf(
      chosen.map((n) => [...say(n, german), "<end>"]),
      ignored,
    );
    const rows = sizeOf(wanted.shape);
    const logits = reshape(model.forward(source, lengths, given), [rows, vocabulary]);
    return crossEntropy(logits, reshape(wanted, [rows]));
  });
  optimiser.step(gradients, rate(step));
  for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
}

/** The likeliest word, one after the other. The encoder runs once, and caches keep what was made of the memory and of the words before. */
async function translate(sentences: readonly (readonly string[])[], longest = 7): Promise<string[]> {
  const [source, lengths] = batchOf(sentences);
  const [memory, memoryMask] = [model.encode(source, lengths), padding(lengths)];
  const caches = model.decoder.newCaches(longest);
  const memoryCaches = caches.map(() => new KeptMemory());
  const found = sentences.map(() => ["<start>"]);
  for (let offset = 0; offset < longest; offset++) {
    using best = scoped(() => {
      const extent = new Extent({ offset, length: 1, backend: on });
      const x = model.embedding.forward(batchOf(found.map((said) => said.slice(-1)))[0], { extent });
      const options = { mask: causal(), caches, extent, memory, memoryMask, memoryCaches };
      return argMax(model.output.forward(model.decoder.forward(x, options)));
    });
    for (const [row, id] of (await best.read()).entries()) found[row]!.push(words[id]!);
  }
  for (const each of [...caches, ...memoryCaches, memory, source, lengths]) each[Symbol.dispose]();
  return found.map((said) => said.slice(1, said.indexOf("<end>")).join(" "));
}

const translations = await translate(unseen.map((n) => say(n, english)));
const right = unseen.filter((n, i) => translations[i] === say(n, german).join(" "));
console.log(`${right.length} of ${unseen.length} numbers that it has never seen are right:`);
for (const n of [227, 953]) console.log(say(n, english).join(" "), "→", translations[unseen.indexOf(n)]);
on.close();

// prints:
// 82 of 82 numbers that it has never seen are right:
// two hundred twenty seven → zwei hundert sieben und zwanzig
// nine hundred fifty three → neun hundert drei und fünfzig
