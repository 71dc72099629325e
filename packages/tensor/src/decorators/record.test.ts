import { describe, expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor, zeros } from "../create.ts";
import { gelu, geluOp } from "../ops/activation.ts";
import { adamwOp } from "../ops/adamw.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { dropout } from "../ops/dropout.ts";
import { exp } from "../ops/pointwise.ts";
import { sum } from "../ops/reduce.ts";
import { reshape } from "../ops/reshape.ts";
import { writeSliceOp } from "../ops/slice.ts";
import { softmax } from "../ops/softmax.ts";
import { uniform } from "../ops/source.ts";
import { stopGradient } from "../ops/stop-gradient.ts";
import { topK } from "../ops/top-k.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import { Variable } from "../variable.ts";
import { autodiff } from "./autodiff.ts";
import { differentiate } from "./differentiate.ts";
import { dryRun } from "./dry-run.ts";
import { printGraph } from "./graph.ts";
import { profile } from "./profile.ts";
import { record } from "./record.ts";
import { replay } from "./replay.ts";

const opsOf = ({ nodes }: { nodes: readonly { op: string }[] }): string[] => nodes.map(({ op }) => op);

describe("a recorder", () => {
  test("computes, and writes down inputs, constants, nodes and outputs", async () => {
    const root = cpu();
    using on = record(root);
    const x = on.input("x", tensor([1, 2, 3, 4], [2, 2], root));
    const weight = tensor([5, 6], [2], on);
    on.nameConstant("weight", weight);
    const [values, places] = topK(add(mul(x, weight), tensor([1, 1], [2], root)), 1);
    const y = sum(reshape(stopGradient(values), [2]));
    expect(await y.read()).toEqual(Float32Array.of(13 + 25));
    const graph = on.graph({ y, places });
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "%0 = input "x" : f32 [2, 2]
      %1 = constant "weight" : f32 [2]
      %3 = constant : f32 [2]
      %2 = mul(%0, %1) : f32 [2, 2]
      %4 = add(%2, %3) : f32 [2, 2]
      %5, %6 = topK(%4) { k: 1 } : f32 [2, 1], i32 [2, 1]
      %7 = stopGradient(%5) : f32 [2, 1]
      %8 = reshape(%7) { shape: [2] } : f32 [2]
      %9 = sum(%8) { axis: 0 } : f32 [1]
      %10 = reshape(%9) { shape: [] } : f32 []
      return "y" = %10
      return "places" = %6"
    `);
    expect(graph.nodes[0]).toEqual({
      op: "mul",
      attrs: {},
      inputs: [0, 1],
      outputs: [2],
      types: [{ dtype: "f32", shape: [2, 2] }],
    });
    expect(graph.inputs).toEqual([{ id: 0, name: "x", type: { dtype: "f32", shape: [2, 2] } }]);
    expect(graph.outputs).toEqual({ y: 10, places: 6 });
    expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
    expect([...on.constants().keys()]).toEqual([1, 3]);
    expect(await on.constants().get(1)!.read()).toEqual(Float32Array.of(5, 6));
  });
  test("knows a tensor again: what is lifted twice is one constant, and a declared input stays one", () => {
    const root = cpu();
    using on = record(root);
    const [x, weight] = [tensor([1], [1], root), tensor([2], [1], root)];
    const seen = on.input("x", x);
    const graph = on.graph({ y: add(mul(seen, weight), mul(x, add(seen, weight))) });
    expect([graph.inputs.length, graph.constants.length, graph.nodes.length]).toEqual([1, 1, 4]);
    expect(graph.nodes.map(({ inputs }) => inputs)).toEqual([
      [0, 1],
      [0, 1],
      [0, 3],
      [2, 4],
    ]);
  });
  test("leaves out what the outputs do not need", () => {
    using on = record(cpu());
    const [a, b] = [tensor([1], [1], on), tensor([2], [1], on)];
    exp(exp(b));
    const y = add(a, 1);
    mul(y, b);
    const graph = on.graph({ y });
    expect([opsOf(graph), graph.constants.map(({ id }) => id)]).toEqual([["add"], [0]]);
    expect(on.graph({ a }).nodes).toEqual([]);
  });
  test("keeps composites whole, or expands those that it is told to", async () => {
    const expected = await softmax(gelu(tensor([1, 2], [2], cpu({ fused: false })))).read();
    const recorded = async (expand?: string): Promise<string[]> => {
      using on = record(cpu({ fused: false }), { expand: ({ name }) => name === expand });
      const y = softmax(gelu(on.input("x", tensor([1, 2], [2], on))));
      expect(await y.read()).toEqual(expected);
      return opsOf(on.graph({ y }));
    };
    expect(await recorded()).toEqual(["gelu", "softmax"]);
    expect(await recorded("softmax")).toEqual(["gelu", "max", "stopGradient", "sub", "exp", "sum", "div"]);
    using on = record(cpu(), { expand: () => true });
    expect(on.supports(geluOp, { form: "exact" }, [{ dtype: "f32", shape: [2] }])).toBe(false);
  });
  test("writes random ops with their key and counter, so that a replay draws the same numbers", async () => {
    using on = record(cpu());
    const { key } = random(7);
    const x = tensor([1, 2, 3, 4, 5, 6], [6], on);
    const y = add(dropout(x, 0.5, key, 3), uniform([6], key, 4, on));
    const graph = on.graph({ y });
    expect(graph.nodes[0]!.attrs).toEqual({ rate: 0.5, key: [...key], counter: 3 });
    const again = replay(graph, { constants: on.constants(), on: cpu() });
    expect(await again["y"]!.read()).toEqual(await y.read());
  });
  test("writes updates as new values out of old, and keeps the constant that they began with", async () => {
    const root = cpu();
    using on = record(root);
    const cache = Variable.holding(tensor([1, 2, 3], [3], on));
    const before = cache.value;
    const y = add(before, 10);
    for (const start of [0, 2]) Variable.update(writeSliceOp, [cache], [tensor([9], [1], on)], { axis: 0, start });
    const graph = on.graph({ cache: cache.value, y });
    expect(opsOf(graph)).toEqual(["add", "writeSlice", "writeSlice"]);
    expect(await cache.host()).toEqual(Float32Array.of(9, 2, 9));
    for (const _ of [1, 2]) {
      const again = replay(graph, { constants: on.constants(), on: root });
      expect(await again["cache"]!.read()).toEqual(Float32Array.of(9, 2, 9));
      expect(await again["y"]!.read()).toEqual(Float32Array.of(11, 12, 13));
    }
  });
  test("captures a whole training step when a tape is around it", async () => {
    const root = cpu();
    using on = record(root);
    const data = tensor([1, 2], [2], root);
    const x = on.input("x", data);
    const [p, m, v] = [
      [3, 4],
      [0, 0],
      [0, 0],
    ].map((values) => Variable.holding(tensor(values, [2], on)));
    const { value, gradients } = differentiate([p!], () => sum(gelu(mul(p!.value, x))));
    Variable.update(adamwOp, [p!, m!, v!], [gradients[0]!], {
      rate: 0.1,
      beta1: 0.9,
      beta2: 0.99,
      epsilon: 1e-8,
      decay: 0,
      step: 1,
    });
    const graph = on.graph({ loss: value, gradient: gradients[0]!, weight: p!.value });
    expect(opsOf(graph)).toEqual(expect.arrayContaining(["gelu", "geluGradient", "adamw"]));
    const other = cpu();
    const again = replay(JSON.parse(JSON.stringify(graph)), {
      inputs: { x: data },
      constants: on.constants(),
      on: other,
    });
    for (const [name, tensor] of Object.entries({ loss: value, gradient: gradients[0]!, weight: p!.value }))
      expect(await again[name]!.read()).toEqual(await tensor.read());
  });
  test("takes outputs and names of tensors of a decorator around it, and from below", () => {
    const root = cpu();
    using on = record(root);
    const around = autodiff(profile(on));
    const x = tensor([1], [1], root);
    const y = mul(around.watch(x), tensor([2], [1], around));
    on.nameConstant("x", x);
    const graph = on.graph({ y });
    expect(graph.constants.map(({ name }) => name)).toEqual(["x", undefined]);
    expect(opsOf(graph)).toEqual(["mul"]);
    expect(() => on.graph({ y: zeros([1], cpu()) })).toThrow("wraps no backend");
  });
  test("writes numbers that JSON lacks", async () => {
    using on = record(cpu());
    const x = tensor([1, -1], [2], on);
    const y = [-Infinity, Infinity, NaN, -0].map((number) => mul(x, number));
    const graph = on.graph(Object.fromEntries(y.map((tensor, i) => [`y${i}`, tensor])));
    expect(graph.nodes.map(({ inputs }) => inputs[1])).toEqual(
      ["-Infinity", "Infinity", "NaN", "-0"].map((number) => ({ number })),
    );
    const again = replay(JSON.parse(JSON.stringify(graph)), { constants: on.constants(), on: cpu() });
    for (const [i, tensor] of y.entries()) expect(await again[`y${i}`]!.read()).toEqual(await tensor.read());
  });
  test("captures without computing, around a dry run", () => {
    using on = record(dryRun());
    const y = exp(add(on.input("x", zeros([4], on)), 1));
    expect(opsOf(on.graph({ y }))).toEqual(["add", "exp"]);
  });
});

describe("memory", () => {
  test("of the constants is held until the recorder is disposed; inputs and results are not held", () => {
    const root = cpu();
    const on = record(root);
    const x = tensor([1, 2], [2], root);
    scoped(() => {
      const weight = tensor([3, 4], [2], on);
      exp(mul(on.input("x", x), weight));
    });
    expect(root.memory()).toEqual({ tensors: 2, bytes: 16 }); // x and the weight
    on[Symbol.dispose]();
    on[Symbol.dispose]();
    expect(root.memory()).toEqual({ tensors: 1, bytes: 8 });
    scoped(() => void exp(mul(tensor([5, 6], [2], on), x))); // computes, and records no more
    expect(root.memory()).toEqual({ tensors: 1, bytes: 8 });
  });
  test("stays flat over many ops", () => {
    const root = cpu();
    using on = record(root);
    const x = tensor([1, 2], [2], on);
    for (let i = 0; i < 1000; i++) scoped(() => void exp(mul(x, i)));
    expect(root.memory().tensors).toBe(1);
  });
});
