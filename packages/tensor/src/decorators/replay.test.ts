import { describe, expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { apply, none, type Composite, type None, type Op } from "../op.ts";
import * as composites from "../ops/composites.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { exp } from "../ops/pointwise.ts";
import { sum } from "../ops/reduce.ts";
import * as primitives from "../ops/primitives.ts";
import { random } from "../random.ts";
import { slice, writeSliceOp } from "../ops/slice.ts";
import { scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { compositeCases } from "../testing/composite-cases.ts";
import { call, describeCase, expectClose, place } from "../testing/op-case.ts";
import { primitiveCases } from "../testing/primitive-cases.ts";
import { promiseBackend } from "../testing/promise-backend.ts";
import { Variable } from "../variable.ts";
import { autodiff } from "./autodiff.ts";
import type { Graph } from "./graph.ts";
import { record } from "./record.ts";
import { replay } from "./replay.ts";

const type = { dtype: "f32", shape: [2] } as const;
/** y = exp(x · w) + x */
function recorded() {
  const root = cpu();
  const on = record(root);
  const x = on.input("x", tensor([0, 0], [2], root));
  const w = tensor([1, 2], [2], on);
  on.nameConstant("w", w);
  const product = mul(x, w);
  const y = add(exp(product), x);
  return { root, on, graph: on.graph({ y, product }) };
}

const ops = { ...primitives, ...composites } as unknown as Readonly<Record<string, Op>>;
const cases = Object.entries({ ...primitiveCases, ...compositeCases }).flatMap(([name, list]) =>
  ops[name]!.kind === "update" ? [] : list.map((one) => [describeCase(name, one), ops[name]!, one] as const),
);
test.each(cases)("%s: recorded, through JSON, and again on a backend whose kernels are late", async (_, op, one) => {
  using on = record(cpu());
  const inputs = one.inputs.map((input) => (typeof input === "object" ? place(input, on) : input));
  const results = call(op, inputs, one.attrs, on);
  const graph = JSON.parse(JSON.stringify(on.graph(Object.fromEntries(results.map((y, i) => [i, y])))));
  const again = replay(graph, { constants: on.constants(), on: promiseBackend(random(5)) });
  for (const [i, expected] of one.expected.entries()) await expectClose(again[i]!, expected, 1e-4, op.name);
});

describe("replay", () => {
  test("gives the outputs for new inputs, on the same backend and on others", async () => {
    const { root, on, graph } = recorded();
    const constants = on.constants();
    for (const where of [root, cpu(), promiseBackend(random(2)), autodiff(cpu()), on]) {
      const { y, product } = replay(graph, {
        inputs: { x: tensor([1, 0], [2], where) },
        constants,
        on: where,
      });
      expect([y!.backend, product!.backend]).toEqual([where, where]);
      expect(await y!.read()).toEqual(Float32Array.of(Math.fround(Math.exp(1)) + 1, 1));
      expect(await product!.read()).toEqual(Float32Array.of(1, 0));
    }
  });
  test("lifts what lives within, and copies what lives elsewhere", async () => {
    const { root, on, graph } = recorded();
    const around = autodiff(root);
    const x = around.watch(tensor([1, 0], [2], root));
    const { y } = replay(graph, { inputs: { x }, constants: on.constants(), on: around });
    const [gradient] = around.gradients(sum(y!), [x]);
    expect(await gradient!.read()).toEqual(Float32Array.of(Math.fround(Math.E) + 1, 3));
    const elsewhere = replay(graph, {
      inputs: { x: tensor([1, 0], [2], promiseBackend(random(1))) },
      constants: on.constants(),
      on: root,
    });
    expect((await elsewhere["y"]!.read())[1]).toBe(1);
  });
  test("runs ops of your own, from a table", async () => {
    const twice: Composite<[x: Tensor], None> = {
      kind: "composite",
      name: "vendor/twice",
      infer: ([x]) => x,
      compose: ([x]) => add(x, x),
    };
    using on = record(cpu());
    const y = apply(twice, [tensor([1], [1], on)], none);
    const graph = on.graph({ y });
    const constants = on.constants();
    const again = replay(graph, { constants, ops: { "vendor/twice": twice }, on: cpu() });
    expect(await again["y"]!.read()).toEqual(Float32Array.of(2));
    expect(() => replay(graph, { constants, on: cpu() })).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: replay: the graph has the op vendor/twice, which is none of this package; pass it in \`ops\`]`,
    );
  });
  test("gives two outputs that are one value, or an input itself, as tensors of their own", async () => {
    using on = record(cpu());
    const x = tensor([1, 2], [2], on);
    const y = add(x, 1);
    const graph = on.graph({ x, y, z: y });
    const where = cpu();
    const again = replay(graph, { constants: on.constants(), on: where });
    again["y"]![Symbol.dispose]();
    expect(await again["z"]!.read()).toEqual(Float32Array.of(2, 3));
    expect(await again["x"]!.read()).toEqual(Float32Array.of(1, 2));
    again["z"]![Symbol.dispose]();
    again["x"]![Symbol.dispose]();
    expect(where.memory().tensors).toBe(0);
  });
  test("tells at the read that an input failed elsewhere, however busy it is until then", async () => {
    const { on, graph } = recorded();
    const x = exp(tensor([1, 2], [2], promiseBackend(random(1), ["exp"])));
    const where = promiseBackend(random(4));
    let busy = tensor([1], [1], where);
    for (let i = 0; i < 50; i++) busy = add(busy, 1);
    const { y } = replay(graph, { inputs: { x }, constants: on.constants(), on: where });
    await expect(y!.read()).rejects.toThrow("exp failed on promises: device lost"); // an unhandled rejection would fail the run
  });
  test("runs an update on a value that a later node reads, and leaves that as it was", async () => {
    using on = record(cpu());
    const cell = Variable.holding(add(on.input("x", tensor([1, 2, 3], [3], on)), 0));
    const old = on.share(cell.value, cell.type);
    Variable.update(writeSliceOp, [cell], [mul(slice(old, 0, 0, 1), 9)], { axis: 0, start: 1 });
    const graph = on.graph({ later: mul(old, 10), cell: cell.value });
    for (const where of [cpu(), promiseBackend(random(3))]) {
      const x = tensor([1, 2, 3], [3], where);
      const { later, cell: fresh } = replay(graph, { inputs: { x }, on: where });
      expect(await later!.read()).toEqual(Float32Array.of(10, 20, 30));
      expect(await fresh!.read()).toEqual(Float32Array.of(1, 9, 3));
      for (const tensor of [x, later!, fresh!]) tensor[Symbol.dispose]();
      expect(where.memory().tensors).toBe(0);
    }
  });
  test("frees what it no longer needs on the way, and holds the outputs alone", () => {
    using on = record(cpu());
    let y = on.input("x", tensor(new Float32Array(100), [100], on));
    for (let i = 0; i < 20; i++) y = add(y, 1);
    const graph = on.graph({ y });
    const where = cpu();
    const x = tensor(new Float32Array(100), [100], where);
    let most = 0;
    const execute = where.execute.bind(where);
    where.execute = (...call) => {
      const result = execute(...call);
      most = Math.max(most, where.memory().tensors);
      return result;
    };
    scoped(() => {
      replay(graph, { inputs: { x }, on: where });
      expect(where.memory().tensors).toBe(2);
    });
    expect(most).toBe(3); // x, and a node's input and output
    expect(where.memory().tensors).toBe(1);
  });
});

describe("refuses", () => {
  const { root, on, graph } = recorded();
  const x = tensor([1, 2], [2], root);
  const constants = on.constants();
  const freed = tensor([1, 2], [2], root);
  freed[Symbol.dispose]();
  const damaged: Graph = {
    inputs: [],
    constants: [],
    nodes: [{ op: "exp", attrs: {}, inputs: [7], outputs: [8], types: [type] }],
    outputs: { y: 8 },
  };
  test("a missing input", () => {
    expect(() => replay(graph, { constants, on: root })).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: replay: the input "x" was not given; the graph takes "x"]`,
    );
  });
  test("an unknown input", () => {
    expect(() => replay(graph, { inputs: { x, y: x }, constants, on: root })).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: replay: there is no input "y"; the graph takes "x"]`,
    );
  });
  test("an unknown input of a graph without any", () => {
    expect(() => replay(damaged, { inputs: { x }, on: root })).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: replay: there is no input "x"; the graph takes none]`,
    );
  });
  test("a missing constant", () => {
    expect(() => replay(graph, { inputs: { x }, on: root })).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: replay: the constant "w" was not given; pass \`constants\`, the recorder's constants() by id]`,
    );
  });
  test("an input of another shape", () => {
    expect(() =>
      replay(graph, { inputs: { x: tensor([1], [1], root) }, constants, on: root }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: replay: "x" was recorded as f32 [2], got f32 [1]; a graph is for the types that it was recorded with]`,
    );
  });
  test("an input of another dtype", () => {
    expect(() =>
      replay(graph, { inputs: { x: tensor([1, 2], [2], root, "i32") }, constants, on: root }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: replay: "x" was recorded as f32 [2], got i32 [2]; a graph is for the types that it was recorded with]`,
    );
  });
  test("an input that was freed", () => {
    expect(() => replay(graph, { inputs: { x: freed }, constants, on: root })).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: replay: the tensor for "x" was already freed. It left its scope: return it from the scope, or keep() it.]`,
    );
  });
  test("a damaged graph", () => {
    expect(() => replay(damaged, { on: root })).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: replay: an input of exp is %7, which nothing before it makes; the graph is damaged]`,
    );
  });
  test("an output that nothing makes", () => {
    expect(() => replay({ ...damaged, nodes: [] }, { on: root })).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: replay: the output "y" is %8, which nothing before it makes; the graph is damaged]`,
    );
  });
});
