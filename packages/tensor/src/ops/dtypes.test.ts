import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import type { Op } from "../op.ts";
import { random } from "../random.ts";
import { Scope } from "../scope.ts";
import { compositeCases } from "../testing/composite-cases.ts";
import { asDType, expectRounded } from "../testing/dtype-cases.ts";
import { describeCase, runCase, type OpCase } from "../testing/op-case.ts";
import { plain } from "../testing/plain.ts";
import { primitiveCases } from "../testing/primitive-cases.ts";
import { promiseBackend } from "../testing/promise-backend.ts";
import { refusal } from "../testing/types-only.ts";
import * as composites from "./composites.ts";
import { mulOp } from "./arithmetic.ts";
import { castOp } from "./cast.ts";
import { linearOp } from "./linear.ts";
import * as primitives from "./primitives.ts";

const cases: { readonly [name: string]: readonly OpCase[] } = { ...primitiveCases, ...compositeCases };
const ops = Object.entries<Op>({ ...primitives, ...composites });
const halves = (name: string, op: Op, dtype: "f16" | "bf16"): OpCase[] =>
  cases[name]!.map((each) => asDType(op, each, dtype)).filter((each) => each !== undefined);
const rows = ops.filter(([name, op]) => halves(name, op, "f16").length > 0);

test("every op takes halves but for updates and those that have no float to take", () => {
  const without = ops.filter((row) => !rows.includes(row)).map(([name]) => name);
  const updates = ops.filter(([, op]) => op.kind === "update" && op.name !== "writeSlice").map(([name]) => name);
  expect(without.toSorted()).toEqual([...updates, "both", "either", "iota", "not", "uniform"].toSorted());
});

test("what is made of halves is a half, but for a loss, which is f32", () => {
  const wider = rows.filter(([name, op]) =>
    halves(name, op, "bf16").some(
      ({ inputs, expected }) =>
        inputs.some((input) => typeof input === "object" && input.dtype === "bf16") &&
        expected.some(({ dtype }) => dtype === "f32"),
    ),
  );
  expect(wider.map(([name]) => name)).toEqual(["crossEntropy"]);
});

const backends = [
  ["cpu", () => cpu()],
  ["cpu without fused kernels", () => cpu({ fused: false })],
  ["cpu in double precision", () => cpu({ precision: "f64" })],
  ["a backend of promises", () => promiseBackend(random(3))],
] as const;

test.each(rows)("%s of f16 and of bf16 is computed in f32 and rounded once", async (name, op) => {
  for (const [where, create] of backends) {
    const on = create();
    for (const dtype of ["f16", "bf16"] as const) {
      for (const each of halves(name, op, dtype)) {
        using scope = new Scope();
        const outputs = scope.run(() => runCase(op, each, on));
        expect(outputs.length).toBe(each.expected.length);
        for (const [i, output] of outputs.entries())
          await expectRounded(output, each.expected[i]!, 1e-5, `${where}: ${describeCase(name, each)}`);
      }
    }
  }
});

test("bytes are moved, found, compared and cast, and calculated with by no op", () => {
  const taken = ops.filter(([name, op]) => {
    const bytes = (each: OpCase): Record<number, "u8"> =>
      Object.fromEntries(
        each.inputs.flatMap((input, i) => (typeof input === "object" && input.dtype === "f32" ? [[i, "u8"]] : [])),
      );
    return cases[name]!.some(
      (each) => Object.keys(bytes(each)).length > 0 && refusal(op, each, bytes(each)) === undefined,
    );
  });
  expect(taken.map(([name]) => name).toSorted()).toEqual([
    ...["cast", "concat", "equal", "expand", "gather", "less", "lessOrEqual", "pad", "permute"],
    ...["slice", "takeAlong", "where", "writeSlice"],
  ]);
});

test("a case in another dtype: what changes, and what cannot", () => {
  const x = plain([2], ([i]) => i! + 0.5);
  const each: OpCase = { inputs: [x, 2], attrs: {}, expected: [x] };
  expect(asDType(mulOp as Op, each, "f16")).toEqual({
    inputs: [{ ...x, dtype: "f16" }, 2],
    attrs: {},
    expected: [{ ...x, dtype: "f16" }],
  });
  const ints = { ...x, dtype: "i32" } as const;
  expect(asDType(castOp as Op, { inputs: [ints], attrs: { dtype: "f32" }, expected: [x] }, "bf16")).toEqual({
    inputs: [ints],
    attrs: { dtype: "bf16" },
    expected: [{ ...x, dtype: "bf16" }],
  });
  expect(asDType(mulOp as Op, { ...each, inputs: [ints, 2] }, "f16")).toBeUndefined();
  expect(() => asDType(mulOp as Op, { ...each, inputs: [{ ...x, data: [0.1, 1] }, 2] }, "f16")).toThrow(
    "the case has the input 0.1, which f16 does not hold exactly",
  );
  expect(() => asDType(linearOp as Op, { ...each, inputs: [x, x, undefined] }, "f16")).toThrow("linear: x [2]");
});
