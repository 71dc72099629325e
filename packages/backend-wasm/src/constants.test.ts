import { expect, test } from "vitest";
import { f32x4, i32x4 } from "@tenon/wasm-assembler";

import { floats, integers } from "./constants.ts";
import { Engine } from "./engine.ts";
import { kernel } from "./kernel.ts";

test("kernels find their constants in every engine, also those of kernels that are first run late", async () => {
  const early = kernel("early", { y: "i32" }, (f, { y }) => {
    f.store("v128", y, f32x4.add(floats(1.5), floats(-0.25)));
    f.store("v128", y, floats(-0), 16);
  });
  const late = kernel("late", { y: "i32" }, (f, { y }) => f.store("v128", y, i32x4.add(integers(-7), integers(3))));
  const engines = await Promise.all(
    [1, 2].map((threads) => Engine.start({ threads, relaxed: false, kernels: [early, late] })),
  );
  const places = engines.map(({ memory }) => memory.allocate(32).at);
  engines.forEach((engine, i) => engine.run(early, { y: places[i]! }, 1));
  for (const [i, { memory }] of engines.entries())
    expect([...memory.f32.subarray(places[i]! / 4, places[i]! / 4 + 8)]).toEqual([
      ...[1.25, 1.25, 1.25, 1.25],
      ...[-0, -0, -0, -0],
    ]);
  engines.forEach((engine, i) => engine.run(late, { y: places[i]! }, 1));
  for (const [i, { memory }] of engines.entries())
    expect([...memory.i32.subarray(places[i]! / 4, places[i]! / 4 + 4)]).toEqual([-4, -4, -4, -4]);
  for (const engine of engines) engine.close();
});

test("what has the same bits has one place, and there are only so many", () => {
  expect(floats(1).code).toEqual(integers(0x3f800000).code);
  expect(floats(0).code).not.toEqual(floats(-0).code);
  expect(() => {
    for (let i = 0; i < 1000; i++) integers(i);
  }).toThrow("the kernels ask for more than 384 constants");
});
