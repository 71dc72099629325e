import { describe, expect, test } from "vitest";

import type { Backend } from "./backend.ts";
import { cpu } from "./cpu/cpu.ts";
import { tensor } from "./create.ts";
import { Decorator } from "./decorators/decorator.ts";
import type { TypedArray } from "./dtype.ts";
import { writeSliceOp } from "./ops/slice.ts";
import { random } from "./random.ts";
import type { Tensor } from "./tensor.ts";
import { promiseBackend } from "./testing/promise-backend.ts";
import { Variable } from "./variable.ts";

const type = { dtype: "f32", shape: [2] } as const;

/** Variables on the first backend move to the second, and something happens on the way. */
async function moved(from: Backend, to: Backend, meanwhile: (variable: Variable) => void): Promise<Variable> {
  const variable = new Variable(type, () => Float32Array.of(1, 2));
  await variable.place(from);
  const moving = variable.place(to);
  meanwhile(variable);
  await moving;
  return variable;
}

describe.each([
  ["cpu", () => cpu()],
  ["promises", () => promiseBackend(random(4))],
] as const)("while it moves from %s, a variable", (_, make) => {
  test("can be assigned: those values move, and nothing is left behind", async () => {
    const [a, b] = [make(), cpu()];
    const variable = await moved(a, b, (variable) => variable.assign(Float32Array.of(5, 6)));
    expect(variable.value.backend).toBe(b);
    expect(await variable.host()).toEqual(Float32Array.of(5, 6));
    expect([a.memory().tensors, b.memory().tensors]).toEqual([0, 1]);
  });
  test("can be resized: the new shape moves", async () => {
    const [a, b] = [make(), cpu()];
    const variable = await moved(a, b, (variable) => variable.assign(Float32Array.of(5, 6, 7), [3]));
    expect(variable.value.backend).toBe(b);
    expect(variable.value.shape).toEqual([3]);
    expect(await variable.host()).toEqual(Float32Array.of(5, 6, 7));
    expect([a.memory().tensors, b.memory().tensors]).toEqual([0, 1]);
  });
  test("can be updated in place", async () => {
    const [a, b] = [make(), cpu()];
    const variable = await moved(a, b, (variable) => {
      using source = tensor([9], [1], a);
      Variable.update(writeSliceOp, [variable], [source], { axis: 0, start: 1 });
    });
    expect(variable.value.backend).toBe(b);
    expect(await variable.host()).toEqual(Float32Array.of(1, 9));
    expect([a.memory().tensors, b.memory().tensors]).toEqual([0, 1]);
  });
  test("can be read where it was", async () => {
    const [a, b] = [make(), cpu()];
    let home: Backend | undefined;
    await moved(a, b, (variable) => (home = variable.value.backend));
    expect(home).toBe(a);
  });
  test("can be told to go on elsewhere: the last place that was asked for wins", async () => {
    const [a, b, c] = [make(), cpu(), cpu()];
    const arrived: string[] = [];
    let last: Promise<void> | undefined;
    const variable = await moved(a, b, (variable) => {
      last = variable.place(c).then(() => void arrived.push("c"));
    });
    arrived.push("b");
    await last;
    expect(arrived).toEqual(["b", "c"]);
    expect(variable.value.backend).toBe(c);
    expect(await variable.host()).toEqual(Float32Array.of(1, 2));
    expect([a, b, c].map((on) => on.memory().tensors)).toEqual([0, 0, 1]);
  });
  test("can be disposed: the move fails, and does not bring it back", async () => {
    const [a, b] = [make(), cpu()];
    let disposed: Variable | undefined;
    await expect(
      moved(a, b, (variable) => (disposed = variable)[Symbol.dispose]()),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BackendError: this variable was disposed; assign() it values again, or make a new one]`,
    );
    expect(disposed!.isPlaced).toBe(false);
    await Promise.resolve();
    expect([a.memory().tensors, b.memory().tensors]).toEqual([0, 0]);
  });
});

test("moves follow each other, however long each reads", async () => {
  class Slowing extends Decorator<undefined> {
    wait = 4;
    protected override entered(): undefined {}
    override execute(): Tensor {
      throw new Error("computes nothing");
    }
    override async read(of: Tensor): Promise<TypedArray> {
      const { wait } = this;
      this.wait = 0; // the first read takes long, the second does not
      await new Promise((resolve) => setTimeout(resolve, wait));
      return super.read(of);
    }
  }
  const [a, b, c] = [new Slowing(cpu(), "slowing"), cpu(), cpu()];
  const variable = new Variable(type, () => Float32Array.of(1, 2));
  await variable.place(a);
  await Promise.all([variable.place(b), variable.place(c)]);
  expect(variable.value.backend).toBe(c);
  expect([a, b, c].map((on) => on.memory().tensors)).toEqual([0, 0, 1]);
});

test("a move that fails leaves the variable where it was, and the next one is made", async () => {
  class Failing extends Decorator<undefined> {
    fails = true;
    protected override entered(): undefined {}
    override execute(): Tensor {
      throw new Error("computes nothing");
    }
    override async read(of: Tensor): Promise<TypedArray> {
      if (this.fails) throw new Error("device lost");
      return super.read(of);
    }
  }
  const [a, b] = [new Failing(cpu(), "failing"), cpu()];
  const variable = new Variable(type, () => Float32Array.of(1, 2));
  await variable.place(a);
  const [first, second] = [variable.place(b), variable.place(b)];
  await expect(first).rejects.toThrow("device lost");
  await expect(second).rejects.toThrow("device lost");
  expect(variable.value.backend).toBe(a);
  a.fails = false;
  await variable.place(b);
  expect(await variable.value.read()).toEqual(Float32Array.of(1, 2));
  expect(a.memory().tensors).toBe(0);
});
