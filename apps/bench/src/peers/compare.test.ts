import { expect, test } from "vitest";

import { compare } from "./compare.ts";
import { failuresOf } from "./report.ts";
import type { Side } from "./sides.ts";
import type { Matmul } from "./workloads.ts";

const matmul: Matmul = { kind: "matmul", name: "small", precision: "f32", batch: 1, m: 3, n: 4, k: 5, constant: true };
const side = (name: string, module: string, peer: Side["peer"] = "loops"): Side => ({
  name,
  module,
  peer,
  threads: 1,
  precision: "f32",
});

test("sides compute in turn; one that computes nothing, or does not start, is told apart and stops nobody", async () => {
  const said: string[] = [];
  const comparison = await compare(
    matmul,
    1,
    [side("loops", "loops"), side("nothing", "peak"), side("missing", "there-is-none")],
    { rounds: 2, turn: 5, progress: (text) => said.push(text) },
  );
  const [loops, nothing, missing] = comparison.sides.map(({ outcome }) => outcome);
  expect(loops).toMatchObject({ kind: "measured", operations: 120, agreement: { error: expect.closeTo(0, 6) } });
  expect(loops!.kind === "measured" && loops!.rounds.map((samples) => samples.length > 0)).toEqual([true, true]);
  expect(nothing).toEqual({ kind: "wrong", why: "it gave 0 numbers in the place of 12" });
  expect(missing).toMatchObject({ kind: "failed", why: expect.stringContaining("there-is-none") });
  expect(failuresOf([comparison]).map((text) => text.split(":")[0])).toEqual([
    "nothing (small, 1 thread)",
    "missing (small, 1 thread)",
  ]);
  expect(said).toEqual(["starting loops", "starting nothing", "starting missing", "round 1 of 2", "round 2 of 2"]);
});
