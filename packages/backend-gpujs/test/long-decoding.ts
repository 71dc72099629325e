import { assemble, gpt } from "@tenon/models";
import { ids } from "@tenon/tensor";
import { expect, test } from "vitest";

import { asked } from "./asked.ts";
import { open, settle, take, type Place } from "./place.ts";
import { report } from "./shipped-models.ts";

/** Decoding with a cache of fixed capacity runs the same kernels on the same arrays at every step. VITE_DECODE_STEPS=2000 takes as many. */
export function testLongDecoding(place: Place, usual: number): void {
  const steps = Number(asked("VITE_DECODE_STEPS") ?? usual);
  test(`${steps} steps of a decoder compile nothing new, and leave nothing`, async () => {
    const on = await open(place);
    const spec = gpt({ vocabulary: 32, context: 2048, width: 16, layers: 1, heads: 2 });
    const model = await assemble(spec, { seed: 1 }).to(on);
    const cache = model.cache(2048);
    let id = 1;
    const step = async (): Promise<void> => {
      using given = ids([id], [1, 1], on, { limit: 32 });
      const logits = await take(model.next(given, cache));
      id = (logits.indexOf(Math.max(...logits)) + cache.length) % 32;
    };
    for (let i = 0; i < 3; i++) await step();
    await settle(on);
    const [compiled, arrays, { tensors }] = [on.compiled, on.arrays, on.memory()];
    const start = performance.now();
    for (let i = 3; i < steps; i++) {
      await step();
      expect(on.compiled, `kernels after step ${i + 1}`).toBe(compiled);
      expect(on.arrays, `arrays after step ${i + 1}`).toBe(arrays);
    }
    expect(on.memory().tensors).toBe(tensors);
    report("decoding", place, { steps, msPerStep: (performance.now() - start) / (steps - 3), compiled, arrays });
    cache[Symbol.dispose]();
    model[Symbol.dispose]();
    expect(on.arrays).toBe(0);
    on.close();
  }, 600_000);
}
