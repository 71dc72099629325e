import { assignQuantized, dequantizeWeights, quantizeWeights } from "@tenon/nn";
import { cpu, ids, quantize, random, type Backend } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { assemble } from "../src/assemble.ts";
import type { Decoder } from "../src/decoder.ts";
import { gpt, llama } from "../src/presets.ts";

const sizes = { vocabulary: 50, context: 32, width: 64, layers: 2, heads: 4 };
const specs = {
  "tied, with biases": gpt(sizes),
  "untied, grouped queries, rotary, gated": llama({ ...sizes, keyValueHeads: 2, hidden: 96 }),
};
const tokens = Array.from({ length: 2 * 12 }, (_, i) => (i * 17 + 3) % 50);

const logitsOf = async (model: Decoder): Promise<number[]> => {
  using at = ids(tokens, [2, 12], model.backend, { limit: 50 });
  using logits = model.forward(at);
  return [...(await logits.read())];
};
/** The root mean square of the difference, relative to that of the expected. */
function distance(values: readonly number[], expected: readonly number[]): number {
  const squares = (all: readonly number[]): number => all.reduce((sum, x) => sum + x * x, 0);
  return Math.sqrt(squares(values.map((value, i) => value - expected[i]!)) / squares(expected));
}

/** Tests what decoders compute whose matrices are held in levels, on a backend. */
export function testQuantizedDecoders(open: () => Backend): void {
  describe.each(Object.entries(specs))("a decoder in levels, %s", (_, spec) => {
    // Measured, for the two specs: 0.014 and 0.016 in 8 bits with 31 and 28 % of the memory, 0.19 and 0.27 in 4 bits with 19 and 16 %.
    test.each([
      [8, 0.02, 1 / 3],
      [4, 0.35, 1 / 4],
    ] as const)("%d bits: logits near those in f32, memory well below", async (bits, bound, share) => {
      const on = open();
      const before = on.memory().bytes;
      const model = await assemble(spec).to(on);
      const plainBytes = on.memory().bytes - before;
      const plain = await logitsOf(model);
      const paths = await quantizeWeights(model, { bits });
      expect(paths.length).toBe(spec.tied ? 1 + 2 * 6 : 2 + 2 * 7);
      expect((on.memory().bytes - before) / plainBytes).toBeLessThan(share);
      const logits = await logitsOf(model);
      expect(distance(logits, plain)).toBeLessThan(bound);
      expect(distance(logits, plain)).toBeGreaterThan(bound / 4);

      // The same levels as numbers, on the reference: what the backend computes from levels is what they stand for.
      await dequantizeWeights(model);
      await model.to(cpu());
      expect(distance(logits, await logitsOf(model))).toBeLessThan(1e-5);
      model[Symbol.dispose]();
    });

    test("cached decoding gives the same logits", async () => {
      const on = open();
      const model = await assemble(spec).to(on);
      await quantizeWeights(model, { bits: 8 });
      const all = await logitsOf(model);
      const cache = model.cache();
      for (let t = 0; t < 12; t++) {
        using at = ids([tokens[t]!, tokens[12 + t]!], [2, 1], on, { limit: 50 });
        using next = model.next(at, cache);
        const expected = [0, 1].flatMap((row) => all.slice((row * 12 + t) * 50, (row * 12 + t + 1) * 50));
        expect(distance([...(await next.read())], expected)).toBeLessThan(1e-5);
      }
      cache[Symbol.dispose]();
      model[Symbol.dispose]();
    });

    test("levels with offsets, as Q4_K has them, give what they stand for", async () => {
      const on = open();
      const model = await assemble(spec).to(on);
      const dice = random(5);
      for (const parameter of model.parameters().values()) {
        const { shape } = parameter.type;
        if (shape.length !== 2 || shape[0] === 32) continue; // norms, biases, positions
        const weight = quantize((await parameter.host()) as Float32Array, shape, { bits: 4 });
        const data = weight.scales.data.map(() => dice.normal() * 0.02);
        await assignQuantized(parameter, { ...weight, offsets: { type: weight.scales.type, data } });
      }
      const logits = await logitsOf(model);
      await dequantizeWeights(model);
      expect(distance(logits, await logitsOf(model))).toBeLessThan(1e-5);
      model[Symbol.dispose]();
    });
  });
}
