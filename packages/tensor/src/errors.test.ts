import { expect, test, vi } from "vitest";

import {
  BackendError,
  CheckpointError,
  ConfigError,
  DTypeError,
  GradientError,
  isTenonError,
  ShapeError,
  TenonError,
} from "./errors.ts";

const kinds = { TenonError, ShapeError, DTypeError, BackendError, GradientError, ConfigError, CheckpointError };

test.each(Object.entries(kinds))("%s has a message, fields, a name and a cause, and is an Error", (name, Kind) => {
  const cause = new Error("below");
  const error = new Kind("what happened", { expected: 1, actual: 2 }, { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toBeInstanceOf(TenonError);
  expect(error.name).toBe(name);
  expect(error.message).toBe("what happened");
  expect(error.fields).toEqual({ expected: 1, actual: 2 });
  expect(error.cause).toBe(cause);
  expect(String(error)).toBe(`${name}: what happened`);
});

test("isTenonError tells Tenon's errors from all others, and kinds from each other", () => {
  expect(isTenonError(new ShapeError("x"))).toBe(true);
  expect(isTenonError(new ShapeError("x"), "ShapeError")).toBe(true);
  expect(isTenonError(new ShapeError("x"), "DTypeError")).toBe(false);
  for (const other of [new Error("x"), "ShapeError", { name: "ShapeError" }, null, undefined, 3])
    expect(isTenonError(other)).toBe(false);
});

test("isTenonError recognises an error of another copy of the package", async () => {
  vi.resetModules();
  const copy = await import("./errors.ts");
  expect(copy.ShapeError).not.toBe(ShapeError);
  const foreign = new copy.ShapeError("x", { axis: 2 });
  expect(foreign).not.toBeInstanceOf(TenonError);
  expect(isTenonError(foreign)).toBe(true);
  expect(isTenonError(foreign, "ShapeError")).toBe(true);
  expect(isTenonError(foreign, "ConfigError")).toBe(false);
  expect(copy.isTenonError(new ConfigError("y"), "ConfigError")).toBe(true);
});

test("the mark that isTenonError reads does not print", () => {
  expect(Object.keys(new ShapeError("x"))).toEqual(["fields", "name"]);
  expect(JSON.stringify(new ShapeError("x", { a: 1 }))).toBe('{"fields":{"a":1},"name":"ShapeError"}');
});
