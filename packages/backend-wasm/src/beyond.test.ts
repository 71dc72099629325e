// Tensors that lie beyond 4 GiB, or across that border, where the engine has memories with 64-bit addresses.
import {
  attention,
  adamwOp,
  cpu,
  crossEntropy,
  cumulativeSum,
  gather,
  ids,
  iota,
  linear,
  matmul,
  permute,
  quantize,
  quantizedLinear,
  random,
  sin,
  sizeOf,
  softmax,
  tensor,
  topK,
  Variable,
  type Backend,
  type DType,
  type Shape,
  type Tensor,
  type TypedArray,
} from "@tenon/tensor";
import { expectNumbers } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";
import { hasFarMemory, hasRelaxedSimd, i32 } from "@tenon/wasm-assembler";

import { filled, moved } from "../test/against-cpu.ts";
import { startBeyond } from "../test/beyond.ts";
import { partialOn } from "../test/partial.ts";
import { Engine } from "./engine.ts";
import { kernel } from "./kernel.ts";
import { allKernels, halves, kernelTable } from "./kernels/index.ts";

const normal = (shape: Shape, seed: number, on: Backend): Tensor => {
  const dice = random(seed);
  return tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => dice.normal()),
    shape,
    on,
  );
};
const lasting = (x: Tensor): Variable => Variable.holding(x);

/** Of what is not computed in floats alone. */
const tolerances: Record<string, number> = { quantizedLinear: 0.4 };

/** What is computed, each time from tensors of its own: 100,000 numbers or so, so that they reach across the border. */
const computed: Record<string, (on: Backend) => Tensor | Tensor[]> = {
  matmul: (on) => matmul(normal([300, 200], 1, on), normal([200, 170], 2, on)),
  "matmul, both turned": (on) =>
    matmul(normal([200, 130], 1, on), normal([170, 200], 2, on), { transposeA: true, transposeB: true }),
  "linear of a weight that stays, and its rows afterwards": (on) => {
    const weight = lasting(normal([333, 257], 3, on));
    const y = linear(normal([70, 257], 4, on), weight.value, normal([333], 5, on));
    const one = linear(normal([1, 257], 6, on), weight.value);
    return [y, one, gather(weight.value, ids([332, 0, 17], [3], on, { limit: 333 })), weight.value];
  },
  attention: (on) => {
    const [q, k, v] = [1, 2, 3].map((seed) => normal([2, 4, 90, 40], seed, on)) as [Tensor, Tensor, Tensor];
    const attrs = { scale: 0.2, softCap: null, mask: [{ kind: "causal" }], queryOffset: 0, keyLength: 90 } as const;
    return attention([q, k, v, undefined, undefined], attrs);
  },
  gather: (on) => gather(normal([500, 300], 7, on), ids([499, 0, 250, 499], [2, 2], on, { limit: 500 })),
  softmax: (on) => softmax(normal([150, 700], 8, on)),
  "cross-entropy": (on) =>
    crossEntropy(normal([40, 3000], 9, on), ids([...Array(39).keys(), -100], [40], on, { limit: 3000, ignore: -100 })),
  adamw: (on) => {
    const state = [1, 2].map((seed) => lasting(normal([50_000], seed, on)));
    const attrs = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, step: 3 };
    const all = [state[0]!, state[1]!, lasting(softmax(normal([50_000], 3, on)))] as const;
    Variable.update(adamwOp, all, [normal([50_000], 4, on)], attrs);
    return all.map(({ value }) => value);
  },
  quantizedLinear: (on) => {
    const results: Tensor[] = [];
    for (const bits of [8, 4] as const) {
      const { levels, scales } = quantize(
        Float32Array.from({ length: 200 * 256 }, (_, i) => Math.sin(i)),
        [200, 256],
        {
          bits,
          group: 32,
        },
      );
      const weight = on.upload(levels.data, levels.type, "variable");
      const its = on.upload(scales.data, scales.type);
      for (const m of [1, 30]) results.push(quantizedLinear(normal([m, 256], m, on), weight, its));
      results.push(weight);
    }
    return results;
  },
  "topK of a row longer than scratch": (on) => [...topK(normal([70_000], 10, on), 5000)],
  permute: (on) => permute(normal([60, 70, 30], 11, on), [2, 0, 1]),
  cumulativeSum: (on) => cumulativeSum(filled([300, 500], "i32", on), 0),
  "sin of large numbers": (on) => sin(filled([200_000], "f32", on)),
  iota: (on) => iota(200_000, 5, on),
};

const relaxed = hasRelaxedSimd();
const start = (below: number): Promise<Engine> =>
  startBeyond({ threads: 2, relaxed, kernels: [...allKernels, tell] }, { below });

describe.runIf(hasFarMemory())("64-bit memory", () => {
  test("arguments are whole: beyond 2³², and below 0", async () => {
    const engine = await start(0);
    const { at } = engine.memory.allocate(32);
    for (const [a, b] of [
      [6e9 + 3, -5],
      [-1, 2 ** 31],
      [2 ** 32 - 1, -(2 ** 40)],
    ] as const) {
      engine.run(tell, { at, a, b, c: 1.5 }, 1);
      expect([...new BigInt64Array(engine.memory.memory.buffer, at, 2)].map(Number)).toEqual([a, b]);
      expect(new Float32Array(engine.memory.memory.buffer, at + 16, 1)[0]).toBe(1.5);
    }
    engine.close();
  });

  test.each(Object.keys(computed))("%s, across the border and beyond it", async (name) => {
    const computedOn = (on: Backend): Promise<TypedArray[]> =>
      Promise.all([computed[name]!(on)].flat().map((x) => x.read()));
    const computedBy = async (engine: Engine): Promise<TypedArray[]> => {
      const results = await computedOn(partialOn(engine, (its) => kernelTable(its, "8-bit"), halves));
      engine.close();
      return results;
    };
    const near = await computedBy(await Engine.start({ threads: 1, relaxed, kernels: allKernels }));
    for (const [i, right] of (await computedOn(cpu())).entries())
      expectNumbers(near[i]!, right, tolerances[name] ?? 1e-4, `${name}, result ${i}`);
    for (const below of [2 ** 17, 2 ** 19, 0]) expect(await computedBy(await start(below))).toEqual(near); // the same bits
  });

  test.each(moved)("%s is uploaded and read, across the border and beyond it", async (dtype: DType) => {
    for (const below of [1024, 0]) {
      const engine = await start(below);
      const x = filled(
        [3001],
        dtype,
        partialOn(engine, (its) => kernelTable(its), halves),
      );
      expect(await x.read()).toEqual(await filled([3001], dtype, cpu()).read());
      engine.close();
    }
  });

  test("one tensor has less than 4 GiB, and all of them no more than there is", async () => {
    const engine = await start(0);
    const on = partialOn(engine, (its) => kernelTable(its));
    expect(() => iota(2 ** 30, 0, on)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: wasm: 4096.0 MiB were asked for one tensor, which may have 4095.9 MiB at most, however large the memory is. Divide it into several.]`,
    );
    expect(() => iota(2 ** 29, 0, on)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: wasm: out of memory: 2048.0 MiB more were asked for, 4094.0 MiB are in use, and at most 6144.0 MiB are possible. Free tensors earlier (scoped, using), use smaller batches, or keep weights in f16, q8 or q4.]`,
    );
    expect((await iota(3, 5, on).read())[2]).toBe(7);
    engine.close();
  });
});

/** Writes down what it was passed. */
const tell = kernel("tell", { at: "i32", a: "i32", b: "i32", c: "f32" }, (f, { at, a, b, c }) => {
  for (const [i, x] of [a, b].entries()) {
    f.store("i32", at, x, 8 * i);
    f.store("i32", at, i32.shr(x, 32), 8 * i + 4);
  }
  f.store("f32", at, c, 16);
});
