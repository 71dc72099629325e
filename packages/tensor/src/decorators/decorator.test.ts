import { describe, expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import type { Attrs, Inputs, Op } from "../op.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { reshape } from "../ops/reshape.ts";
import { topK } from "../ops/top-k.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { promiseBackend } from "../testing/promise-backend.ts";
import { Variable } from "../variable.ts";
import { composed, Decorator, layersOf } from "./decorator.ts";

/** Tells how far each tensor is from what came in: the longest chain of ops. */
class Depth extends Decorator<number> {
  readonly lifted: (Tensor | undefined)[] = [];
  constructor(inner: Backend) {
    super(inner, "depth");
  }
  protected override entered(_: Tensor, from: Tensor | undefined): number {
    this.lifted.push(from);
    return 0;
  }
  execute(op: Op, inputs: Inputs, attrs: Attrs, types: TensorType | readonly TensorType[]): Tensor | readonly Tensor[] {
    if (this.lacksKernel(op, inputs, attrs)) return composed(op, inputs, attrs);
    const depths = inputs.map((input) => (typeof input === "object" ? this.stateOf(input) : 0));
    return this.wrapAll(this.inner.execute(op, this.unwrap(inputs), attrs, types), 1 + Math.max(0, ...depths));
  }
  depthOf(tensor: Tensor): number {
    return this.stateOf(tensor);
  }
}

describe("a decorator", () => {
  test("computes on the backend that it wraps, and gives results their state", async () => {
    const on = new Depth(cpu());
    const x = tensor([1, 2], [2], on);
    const y = add(mul(x, x), 1);
    expect([on.name, y.backend === on, on.depthOf(x), on.depthOf(y)]).toEqual(["depth(cpu)", true, 0, 2]);
    expect(await y.read()).toEqual(Float32Array.of(2, 5));
    expect(topK(x, 1).map((tensor) => on.depthOf(tensor))).toEqual([1, 1]);
  });
  test("lifts what lives on the backends that it wraps, and knows whence; lowers one level", async () => {
    const root = cpu();
    const within = new Depth(root);
    const on = new Depth(within);
    const x = tensor([1, 2], [2], root);
    const y = add(tensor([10, 20], [2], on), x);
    expect(on.lifted).toEqual([undefined, x]);
    expect(within.lifted).toEqual([undefined, x]);
    expect(await y.read()).toEqual(Float32Array.of(11, 22));
    const lower = on.lower(y);
    expect(lower.backend).toBe(within);
    expect(within.lower(lower).backend).toBe(root);
    expect(layersOf(on)).toEqual([on, within, root]);
    expect(add(lower, x).backend).toBe(within);
  });
  test("refuses what lives elsewhere", () => {
    const on = new Depth(cpu());
    const x = tensor([1], [1], cpu());
    expect(() => on.lift(x)).toThrow('"cpu" wraps no backend, so it cannot see a tensor of "cpu"');
    expect(() => add(tensor([1], [1], on), x)).toThrow("neither wraps the other");
  });
  test("holds nothing of its own: memory comes back with the tensors", () => {
    const root = cpu();
    const on = new Depth(root);
    scoped(() => {
      const x = tensor([1, 2], [2], on);
      const y = reshape(add(x, tensor([3, 4], [2], root)), [2, 1]);
      on.lower(on.share(y, y.type))[Symbol.dispose]();
      topK(x, 1);
      expect(on.memory()).toEqual(root.memory());
      expect(on.memory().tensors).toBeGreaterThan(3);
    });
    // The share that was lowered is in no scope and was not disposed.
    expect(root.memory()).toEqual({ tensors: 1, bytes: 8 });
  });
  test("passes on what a variable's tensor is for, when kernels have run, and whether there is one", async () => {
    const used: unknown[] = [];
    const root = promiseBackend(random(1));
    const upload = root.upload.bind(root);
    root.upload = (data, type, use) => {
      used.push(use);
      return upload(data, type, use);
    };
    const on = new Depth(root);
    const variable = new Variable({ dtype: "f32", shape: [2] }, () => Float32Array.of(1, 2));
    await variable.place(on);
    expect(used).toEqual(["variable"]);
    const y = mul(variable.value, 2);
    const settled = on.settled(y);
    expect(settled).toBeInstanceOf(Promise);
    await settled;
    expect(on.settled(y)).toBe(undefined);
    expect(on.supports({ kind: "primitive", name: "none", infer: () => y.type }, {}, [])).toBe(false);
  });
});
