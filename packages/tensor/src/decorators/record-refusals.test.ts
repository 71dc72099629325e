import { describe, expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { add } from "../ops/arithmetic.ts";
import { record } from "./record.ts";

describe("refuses", () => {
  const root = cpu();
  const on = record(root);
  const x = on.input("x", tensor([1], [1], root));
  const weight = tensor([1], [1], on);
  const y = add(x, weight);
  on.nameConstant("weight", weight);
  const freed = add(y, 1);
  freed[Symbol.dispose]();
  const closed = record(root);
  const z = add(tensor([1], [1], closed), 1);
  closed[Symbol.dispose]();
  test("a name that is taken", () => {
    expect(() => on.input("weight", tensor([1], [1], root))).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: record: constant %1 is called "weight" already; names are unique]`,
    );
  });
  test("a result as an input", () => {
    expect(() => on.input("y", y)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: record: "y" cannot name an input: %2 is the result of an op, which is named in graph({ … })]`,
    );
  });
  test("a result as a constant", () => {
    expect(() => on.nameConstant("y", y)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: record: "y" cannot name a constant: %2 is the result of an op, which is named in graph({ … })]`,
    );
  });
  test("to declare an input twice", () => {
    expect(() => on.input("again", x)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: record: "again" cannot name an input: %0 is the input "x" already]`,
    );
  });
  test("no outputs", () => {
    expect(() => on.graph({})).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: record: a graph has at least one output, got none]`,
    );
  });
  test("to retype a tensor behind its back", () => {
    expect(() => on.share(y, { dtype: "f32", shape: [1, 1] })).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: a recorded tensor is retyped with reshape(), which is recorded, not with share()]`,
    );
  });
  test("and leaves no memory behind when it does", () => {
    const before = root.memory();
    using again = tensor([1], [1], root);
    for (const act of [() => on.input("weight", again), () => on.input("y", y), () => on.nameConstant("x", x)])
      expect(act).toThrow("record: ");
    expect(root.memory()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + 4 });
  });
  test("an output that was freed", () => {
    expect(() => on.graph({ freed })).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: record: the tensor for "freed" was already freed. It left its scope: return it from the scope, or keep() it.]`,
    );
  });
  test("to tell its graph after it was disposed", () => {
    expect(() => closed.graph({ z })).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: record(cpu) was disposed, and its record with it; ask for the graph before, or make a new record()]`,
    );
  });
  test("to tell its constants after it was disposed", () => {
    expect(() => closed.constants()).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: record(cpu) was disposed, and its record with it; ask for the graph before, or make a new record()]`,
    );
  });
});
