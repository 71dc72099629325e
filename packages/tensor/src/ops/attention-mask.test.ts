import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { denseMask } from "./attention-mask.ts";

const on = cpu();

test("denseMask gives the terms' conjunction, and nothing for no terms", async () => {
  const at = { queries: 2, keys: 4, queryOffset: 1, on };
  expect(denseMask([], [], at)).toBe(undefined);
  expect(await denseMask([{ kind: "causal" }, { kind: "window", size: 2 }], [], at)!.read()).toEqual(
    Uint8Array.of(1, 1, 0, 0, 0, 1, 1, 0),
  );
});
