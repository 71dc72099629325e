import { composites, dropout, primitives, random, uniform } from "@tenon/tensor";
import { compositeCases, describeCase, expectClose, primitiveCases, runCase } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { expectAsOnCpu, filled } from "../../test/against-cpu.ts";
import { eachEngine } from "../../test/each-engine.ts";
import { uniformKernels, uniformTable } from "./uniform.ts";

const edges = [0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 100, 1000];

eachEngine(uniformKernels, uniformTable, [], (tested) => {
  test.each(primitiveCases.uniform.map((each) => [describeCase("uniform", each), each] as const))(
    "%s",
    async (_, each) => {
      await expectClose(runCase(primitives.uniform, each, tested.on)[0]!, each.expected[0]!, 0);
    },
  );
  test.each(compositeCases.dropout.map((each) => [describeCase("dropout", each), each] as const))(
    "%s",
    async (_, each) => {
      await expectClose(runCase(composites.dropout, each, tested.on)[0]!, each.expected[0]!, 1e-6);
    },
  );

  test("the same bits as on cpu, for any key, counter and size", async () => {
    const keys = [random(7).key, [-1, -1], [0, 2 ** 31], [2 ** 53 - 1, -(2 ** 53) + 1]] as const;
    for (const [i, n] of edges.entries())
      for (const counter of [0, -1, 2 ** 32 + 5, 2 ** 53 - 1])
        await expectAsOnCpu(tested.on, (on) => uniform([n], keys[i % keys.length]!, counter, on));
    await expectAsOnCpu(tested.on, (on) => uniform([300, 333], keys[0], 3, on));
  });

  test("what stays is what stays on cpu, and NaN goes like any other number", async () => {
    for (const n of edges) await expectAsOnCpu(tested.on, (on) => dropout(filled([n], "f32", on), 0.3, [5, 6], 7));
    await expectAsOnCpu(tested.on, (on) => dropout(filled([300, 333], "f32", on), 0.1, [5, 6], 7));
    const { on } = tested;
    const nothing = on.upload(new Float32Array(1000).fill(NaN), { dtype: "f32", shape: [1000] });
    const left = await dropout(nothing, 0.5, random(1).key, 0).read();
    expect(new Set(left)).toEqual(new Set([0, NaN]));
  });
});
