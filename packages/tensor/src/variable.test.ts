import { describe, expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { tensor } from "./create.ts";
import { autodiff } from "./decorators/autodiff.ts";
import { differentiate } from "./decorators/differentiate.ts";
import { mul } from "./ops/arithmetic.ts";
import { sum } from "./ops/reduce.ts";
import { writeSliceOp } from "./ops/slice.ts";
import { random } from "./random.ts";
import { scoped } from "./scope.ts";
import { promiseBackend } from "./testing/promise-backend.ts";
import { Variable } from "./variable.ts";

const type = { dtype: "f32", shape: [2] } as const;

describe("a variable on the host", () => {
  test("is made when first needed, and has no tensor yet", async () => {
    let made = 0;
    const variable = new Variable(type, () => {
      made++;
      return Float32Array.of(1, 2);
    });
    expect([made, variable.isPlaced]).toEqual([0, false]);
    expect(await variable.host()).toEqual(Float32Array.of(1, 2));
    expect(made).toBe(1);
    expect(() => variable.value).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: a variable [2] is still on the host: place it on a backend first, for a model with \`await model.to(backend)\`]`,
    );
  });
  test("takes other values before it is placed, copied", async () => {
    const variable = new Variable(type, () => Float32Array.of(1, 2));
    const data = Float32Array.of(3, 4);
    variable.assign(data);
    data.fill(0);
    await variable.place(cpu());
    expect(await variable.host()).toEqual(Float32Array.of(3, 4));
  });
  test("gives copies: what a reader does to them does not matter", async () => {
    const variable = new Variable(type, () => Float32Array.of(1, 2));
    variable.assign(Float32Array.of(3, 4));
    (await variable.host()).fill(0);
    expect(await variable.host()).toEqual(Float32Array.of(3, 4));
  });
  test("refuses values of another size, its own initial ones too", async () => {
    const variable = new Variable(type, () => Float32Array.of(1, 2, 3));
    await expect(variable.host()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: a variable [2] has 2 elements, got 3]`,
    );
    expect(() => variable.assign(Float32Array.of(1))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: a variable [2] has 2 elements, got 1]`,
    );
  });
});

describe("a placed variable", () => {
  test("moves between backends, and frees what it leaves", async () => {
    const [a, b] = [cpu(), promiseBackend(random(1))];
    const variable = new Variable(type, () => Float32Array.of(1, 2));
    await variable.place(a);
    const before = variable.value;
    await variable.place(a); // already there
    expect(variable.value).toBe(before);
    await variable.place(b);
    expect(variable.value.backend).toBe(b);
    expect([a.memory().tensors, b.memory().tensors]).toEqual([0, 1]);
    expect(await variable.host()).toEqual(Float32Array.of(1, 2));
  });
  test("takes other values, and frees the old ones", async () => {
    const on = cpu();
    const variable = new Variable(type, () => Float32Array.of(1, 2));
    await variable.place(on);
    variable.assign(Float32Array.of(5, 6));
    expect(await variable.value.read()).toEqual(Float32Array.of(5, 6));
    expect(on.memory().tensors).toBe(1);
  });
  test("is freed when it is disposed, twice is harmless, and it has no value then", async () => {
    const on = cpu();
    const variable = Variable.holding(tensor([1, 2], [2], on));
    variable[Symbol.dispose]();
    variable[Symbol.dispose]();
    expect(on.memory().tensors).toBe(0);
    expect(variable.isPlaced).toBe(false);
    await expect(variable.host()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BackendError: this variable was disposed; assign() it values again, or make a new one]`,
    );
    expect(() => variable.value).toThrow("was disposed");
  });
  test("does not begin again with its initial values once it is disposed", async () => {
    const on = cpu();
    const variable = new Variable(type, () => Float32Array.of(1, 2));
    await variable.place(on);
    variable[Symbol.dispose]();
    await expect(variable.host()).rejects.toThrow("was disposed");
    await expect(variable.place(on)).rejects.toThrow("was disposed");
    variable.assign(Float32Array.of(3, 4));
    await variable.place(on);
    expect(await variable.host()).toEqual(Float32Array.of(3, 4));
  });
  test("that took over a tensor of a scope keeps it beyond the scope", () => {
    const variable = scoped(() => Variable.holding(tensor([1, 2], [2], cpu())) as never) as Variable;
    expect(variable.value.alive).toBe(true);
  });
});

describe("update", () => {
  test("refuses inputs on another backend or freed, and leaves the value alone", async () => {
    const on = cpu();
    const variable = Variable.holding(tensor([1, 2], [2], on));
    const write = (source: ReturnType<typeof tensor>) =>
      Variable.update(writeSliceOp, [variable], [source], { axis: 0, start: 0 });
    expect(() => write(tensor([9], [1], promiseBackend(random(1))))).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: writeSlice: the variable lives on "cpu", an input on "promises". An update takes inputs of the variable's own backend, so it runs outside differentiate().]`,
    );
    const freed = tensor([9], [1], on);
    freed[Symbol.dispose]();
    expect(() => write(freed)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: writeSlice: an input was already freed]`,
    );
    expect(await variable.host()).toEqual(Float32Array.of(1, 2));
  });
  test("of a tracked tensor is refused", async () => {
    const on = cpu();
    const variable = Variable.holding(tensor([1, 2], [2], on));
    expect(() =>
      differentiate([variable], () => {
        Variable.update(writeSliceOp, [variable], [autodiff(on).lower(variable.value)], { axis: 0, start: 0 });
        return sum(variable.value);
      }),
    ).toThrow("lives on");
    const source = tensor([9], [1], on);
    expect(() =>
      differentiate([variable], () => {
        Variable.update(writeSliceOp, [variable], [mul(variable.value, 1)], { axis: 0, start: 0 });
        return sum(variable.value);
      }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: writeSlice overwrites a tensor that autodiff(cpu) tracks; update variables outside the differentiated function]`,
    );
    source[Symbol.dispose]();
    expect(await variable.host()).toEqual(Float32Array.of(1, 2));
    expect(on.memory().tensors).toBe(1);
  });
});

describe("lend", () => {
  test("shows another tensor for the length of the body, also when it throws", () => {
    const on = cpu();
    const variable = Variable.holding(tensor([1, 2], [2], on));
    const own = variable.value;
    Variable.lend(
      [variable],
      (value) => mul(value, 2),
      ([lent]) => {
        expect(variable.value).toBe(lent);
        expect(() => variable.assign(Float32Array.of(0, 0))).toThrowErrorMatchingInlineSnapshot(
          `[BackendError: a variable cannot be assigned while it is being differentiated; assign it after]`,
        );
      },
    );
    expect(variable.value).toBe(own);
    expect(() =>
      Variable.lend(
        [variable],
        (value) => mul(value, 2),
        () => expect.fail("stop"),
      ),
    ).toThrow("stop");
    expect(variable.value).toBe(own);
    expect(on.memory().tensors).toBe(1);
  });
  test("nests", () => {
    const variable = Variable.holding(tensor([1, 2], [2], cpu()));
    Variable.lend(
      [variable],
      (value) => mul(value, 2),
      ([outer]) => {
        Variable.lend(
          [variable],
          (value) => mul(value, 2),
          ([inner]) => expect(variable.value).toBe(inner),
        );
        expect(variable.value).toBe(outer);
      },
    );
  });
  test("an update within nested loans reaches the variable through both", async () => {
    const on = cpu();
    const variable = Variable.holding(tensor([1, 2], [2], on));
    const outer = autodiff(on);
    const nested = autodiff(outer);
    Variable.lend(
      [variable],
      (value) => outer.lift(value),
      () => {
        Variable.lend(
          [variable],
          (value) => nested.lift(value),
          () =>
            scoped(() => Variable.update(writeSliceOp, [variable], [mul(variable.value, 5)], { axis: 0, start: 0 })),
        );
        expect(variable.value.backend).toBe(outer);
      },
    );
    expect(await variable.host()).toEqual(Float32Array.of(5, 10));
    expect(on.memory().tensors).toBe(1);
  });
  test("an update of what a decorator lends without tracking reaches the variable", async () => {
    const on = cpu();
    const variable = Variable.holding(tensor([1, 2], [2], on));
    const decorator = autodiff(on); // stands for any decorator: nothing is watched
    Variable.lend(
      [variable],
      (value) => decorator.lift(value),
      () => scoped(() => Variable.update(writeSliceOp, [variable], [mul(variable.value, 5)], { axis: 0, start: 0 })),
    );
    expect(variable.value.backend).toBe(on);
    expect(await variable.host()).toEqual(Float32Array.of(5, 10));
    expect(on.memory().tensors).toBe(1);
  });
});

test("a loan that cannot begin leaves nothing behind", async () => {
  const on = cpu();
  const placed = Variable.holding(tensor([1, 2], [2], on));
  const onHost = new Variable(type, () => Float32Array.of(1, 2));
  expect(() => differentiate([placed, onHost], () => sum(placed.value))).toThrow("still on the host");
  const lift = (): unknown =>
    Variable.lend(
      [placed, onHost],
      (value) => autodiff(on).lift(value),
      () => 0,
    );
  expect(lift).toThrow("still on the host");
  expect(() => differentiate([placed, placed], () => sum(placed.value))).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: a variable was lent twice at once; name each variable once]`,
  );
  expect(await placed.host()).toEqual(Float32Array.of(1, 2));
  placed[Symbol.dispose]();
  expect(on.memory().tensors).toBe(0); // no alias is left
});
