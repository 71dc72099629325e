import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { denseMask } from "./attention-mask.ts";

const on = cpu();

test("an interval hides what lies before its first key and from its end on, whatever the query's position", async () => {
  const ends = tensor([0, 2, 3, 9, 1, 1, -4, 1], [2, 2, 2], on, "i32");
  const at = { queries: 2, keys: 4, queryOffset: 7, on };
  const mask = denseMask([{ kind: "interval", input: 0 }], [ends], at)!;
  expect(mask.shape).toEqual([2, 1, 2, 4]);
  expect(await mask.read()).toEqual(Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0));
});

test("denseMask gives the terms' conjunction, and nothing for no terms", async () => {
  const at = { queries: 2, keys: 4, queryOffset: 1, on };
  expect(denseMask([], [], at)).toBe(undefined);
  expect(await denseMask([{ kind: "causal" }, { kind: "window", size: 2 }], [], at)!.read()).toEqual(
    Uint8Array.of(1, 1, 0, 0, 0, 1, 1, 0),
  );
});
