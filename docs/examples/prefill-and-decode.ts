// What a decoder does while it reads a prompt, and while it writes: counted for GPT-2 by a backend that computes nothing.
import { assemble, Decoder, gpt } from "@tenon/models";
import { cpu, dryRun, scoped, zeros } from "@tenon/tensor";

const on = dryRun({ like: cpu() });
const spec = gpt({ vocabulary: 50257, context: 1024, width: 768, layers: 12, heads: 12 });
const model = await assemble(spec).to(on);
if (!(model instanceof Decoder)) throw new Error("this spec should describe a decoder");

const weights = on.memory().bytes;
function count(name: string, tokens: number, body: () => unknown): void {
  const before = on.report().flops;
  scoped(() => void body());
  const flops = on.report().flops - before;
  const each = (flops / tokens / 1e9).toFixed(2);
  const intensity = (flops / weights).toFixed(1);
  console.log(`${name}: ${(flops / 1e9).toFixed(2)} GFLOP, ${each} a token, ${intensity} for each byte of weights`);
}
const some = (t: number) => zeros([1, t], on, "i32");

console.log(`${(weights / 1e6).toFixed(0)} MB of weights`);
const cache = model.cache(512);
count("reading 500 tokens", 500, () => model.next(some(500), cache));
console.log(`${((on.memory().bytes - weights) / 1e6).toFixed(0)} MB of cache, with room for 512 tokens`);
count("the next one", 1, () => model.next(some(1), cache));
count("the same without a cache", 1, () => model.next(some(501), model.cache(501)));

// prints:
// 498 MB of weights
// reading 500 tokens: 94.52 GFLOP, 0.19 a token, 189.9 for each byte of weights
// 38 MB of cache, with room for 512 tokens
// the next one: 0.27 GFLOP, 0.27 a token, 0.5 for each byte of weights
// the same without a cache: 94.72 GFLOP, 94.72 a token, 190.3 for each byte of weights
