import { gather, linear, primitives, sizeOf, tensor, type Backend, type Shape, type Tensor } from "@tenon/tensor";
import { describeCase, expectClose, primitiveCases, runCase } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { expectAsOnCpu, filled, moved } from "../../test/against-cpu.ts";
import { eachEngine } from "../../test/each-engine.ts";
import type { Block } from "../block.ts";
import { gatherHalves, gatherKernels, gatherTable } from "./gather.ts";
import { linearTable } from "./linear.ts";
import { multiplyKernels } from "./multiply.ts";
import { panelKernels } from "./panels.ts";
import { vectorProductKernels } from "./vector-product.ts";

const kernels = [...gatherKernels, ...multiplyKernels, ...panelKernels, ...vectorProductKernels];

/** Ids from everywhere in a table of v rows. */
const someIds = (shape: Shape, v: number, on: Backend): Tensor =>
  tensor(
    Int32Array.from({ length: sizeOf(shape) }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 8) % v),
    shape,
    on,
    "i32",
  );
const isPacked = (table: Tensor): boolean => (table.handle as { data: Block }).data.panels !== undefined;

eachEngine(
  kernels,
  (engine) => ({ ...gatherTable(engine), ...linearTable(engine) }),
  gatherHalves,
  (tested) => {
    test.each(primitiveCases.gather.map((each) => [describeCase("gather", each), each] as const))(
      "%s",
      async (_, each) => {
        await expectClose(runCase(primitives.gather, each, tested.on)[0]!, each.expected[0]!, 0);
      },
    );

    test.each(moved)("rows of any length, in %s", async (dtype) => {
      for (const d of [0, 1, 3, 4, 5, 15, 16, 17, 64, 100, 1000])
        await expectAsOnCpu(tested.on, (on) => gather(filled([7, d], dtype, on), someIds([2, 5], 7, on)));
    });

    test("many rows, divided among threads", async () => {
      await expectAsOnCpu(tested.on, (on) => gather(filled([500, 200], "f32", on), someIds([3000], 500, on)));
      await expectAsOnCpu(tested.on, (on) => gather(filled([500, 1], "u8", on), someIds([30_000], 500, on)));
    });

    test.each([
      [1, 1],
      [8, 3],
      [13, 100],
      [50, 768],
      [29, 1700],
    ])("a table [%d, %d] that a linear map has packed stays so", async (v, d) => {
      const { on } = tested;
      await expectAsOnCpu(on, (each) => {
        const values = Float32Array.from({ length: v * d }, (_, i) => i + 0.5);
        const table = each.upload(values, { dtype: "f32", shape: [v, d] }, "variable");
        const before = gather(table, someIds([3], v, each)); // reading rows does not keep it from being packed
        linear(before, table);
        if (each === on) expect(isPacked(table)).toBe(true);
        const after = gather(table, someIds([40], v, each));
        if (each === on) expect(isPacked(table)).toBe(true);
        return after;
      });
    });

    test("an id that is none gives zeros, as on cpu", async () => {
      await expectAsOnCpu(tested.on, (on) => {
        const table = on.upload(Float32Array.of(1, 2, 3, 4), { dtype: "f32", shape: [2, 2] }, "variable");
        const none = tensor([-1, 1, 2, 1_000_000_000], [4], on, "i32");
        return gather(table, none);
      });
      await expectAsOnCpu(tested.on, (on) => {
        const table = on.upload(Float32Array.of(1, 2, 3, 4), { dtype: "f32", shape: [2, 2] }, "variable");
        linear(table, table);
        return gather(table, tensor([-1, 1, 2, 1_000_000_000], [4], on, "i32"));
      });
    });
  },
);
