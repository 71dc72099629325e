import { readFileSync } from "node:fs";

import { beforeAll, expect, test, vi } from "vitest";

import { add, cpu, isTenonError, profile, scoped, tensor, topK, Variable, zeros } from "./index.ts";
import type * as Tenon from "./index.ts";
import { version } from "./version.ts";

let other: typeof Tenon;

/** Another copy of the whole package, with another version. */
beforeAll(async () => {
  vi.resetModules();
  vi.doMock("./version.ts", () => ({ version: "9.9.9" }));
  other = await import("./index.ts");
});

const message = (where: string) =>
  `${where}: two copies of @tenon/tensor meet, ${version} and 9.9.9. Install one: \`npm ls @tenon/tensor\` shows who asks for which.`;

test("the version is that of package.json", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  expect(version).toBe(manifest.version);
});

test("two copies live side by side, and know each other's errors", async () => {
  const theirs = other.add(other.tensor([1], [1], other.cpu()), 1);
  expect(await theirs.read()).toEqual(new Float32Array([2]));
  expect(await add(tensor([1], [1], cpu()), 1).read()).toEqual(new Float32Array([2]));
  let thrown: unknown;
  try {
    const on = other.cpu();
    other.add(other.zeros([2], on), other.zeros([3], on));
  } catch (error) {
    thrown = error;
  }
  expect(isTenonError(thrown, "ShapeError")).toBe(true);
});

test("an op refuses the tensors of another copy, alone and beside its own", () => {
  const theirs = other.tensor([1, 2], [2], other.cpu());
  expect(() => scoped(() => add(theirs as never, 1))).toThrow(message("add"));
  expect(() => topK(theirs as never, 1)).toThrow(message("topK"));
  expect(() => add(theirs as never, tensor([1, 2], [2], cpu()))).toThrow(message("add"));
  expect(() => add(tensor([1, 2], [2], cpu()), theirs as never)).toThrow(message("add"));
});

test("nothing is put on a backend of another copy, and none is wrapped", async () => {
  const theirs = other.cpu() as never;
  expect(() => tensor([1], [1], theirs)).toThrow(message("tensor()"));
  expect(() => zeros([1], theirs)).toThrow(message("tensor()"));
  const variable = new Variable({ dtype: "f32", shape: [1] }, () => new Float32Array(1));
  await expect(variable.place(theirs)).rejects.toThrow(message("place()"));
  expect(() => profile(theirs)).toThrow(message("profile"));
});

test("two copies of one version are named as such", async () => {
  vi.resetModules();
  vi.doUnmock("./version.ts");
  const same = await import("./index.ts");
  expect(() => tensor([1], [1], same.cpu() as never)).toThrow(`meet, both ${version}. Install`);
});
