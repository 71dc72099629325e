import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { checkImports } from "./imports.mjs";

const planted = [];
afterEach(() => planted.splice(0).forEach((root) => rmSync(root, { recursive: true })));

/** Writes a workspace of two packages, high → low, with the given files added or replaced, and checks it. */
function check(files) {
  const root = mkdtempSync(join(tmpdir(), "tenon-imports-"));
  planted.push(root);
  const all = {
    "packages/low/package.json": manifest("low", {}),
    "packages/low/src/index.ts": `export const low = 1;`,
    "packages/high/package.json": manifest("high", { dependencies: { "@tenon/low": "workspace:^" } }),
    "packages/high/src/index.ts": `export { low } from "@tenon/low";`,
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return checkImports(root, { low: [], high: ["low"] });
}

function manifest(name, fields) {
  return JSON.stringify({ name: `@tenon/${name}`, exports: { ".": { "@tenon/source": "./src/index.ts" } }, ...fields });
}

test("a workspace in order passes", () => {
  expect(check({})).toEqual([]);
});

test("files that import each other are caught, however long the way round", () => {
  const problems = check({
    "packages/low/src/a.ts": `import "./b.ts";`,
    "packages/low/src/b.ts": `export * from "./c.ts";`,
    "packages/low/src/c.ts": `import { a } from "./a.ts"; export const c = a;`,
  });
  const circle = ["a.ts", "b.ts", "c.ts", "a.ts"].map((name) => `packages/low/src/${name}`).join(" → ");
  expect(problems).toEqual([`Files import each other in a circle: ${circle}.`]);
});

test("a file that imports itself is caught", () => {
  expect(check({ "packages/low/src/a.ts": `export * from "./a.ts";` })).toHaveLength(1);
});

test("type imports and dynamic imports close no circle", () => {
  const files = {
    "packages/low/src/a.ts": `import type { B } from "./b.ts"; export type A = B;`,
    "packages/low/src/b.ts": `export type { A as B } from "./a.ts"; export const later = () => import("./a.ts");`,
  };
  expect(check(files)).toEqual([]);
});

test("an inline type import closes a circle, because the file still runs", () => {
  const files = {
    "packages/low/src/a.ts": `import { type B } from "./b.ts"; export type A = B;`,
    "packages/low/src/b.ts": `import "./a.ts"; export type B = 1;`,
  };
  expect(check(files)).toHaveLength(1);
});

test("the wrong direction between packages is caught, for types too", () => {
  const files = { "packages/low/src/a.ts": `\nexport type { X, Y } from "@tenon/high";` };
  expect(check(files)).toEqual([
    `packages/low/src/a.ts:2 imports @tenon/high: low may not (see the table in scripts/imports.mjs).`,
  ]);
});

test("the wrong direction in package.json is caught, and the circle that it makes", () => {
  expect(
    check({ "packages/low/package.json": manifest("low", { dependencies: { "@tenon/high": "workspace:^" } }) }),
  ).toEqual([
    `packages/low/package.json depends on @tenon/high: low may not (see the table in scripts/imports.mjs).`,
    `Packages depend on each other in a circle: @tenon/high → @tenon/low → @tenon/high.`,
  ]);
});

test("a test may import what its package lists for development, and nothing that makes a circle", () => {
  const aTest = `import "@tenon/mid";`;
  const mid = { "packages/mid/package.json": manifest("mid", {}), "packages/mid/src/index.ts": "" };
  const listed = {
    "packages/high/package.json": manifest("high", {
      dependencies: { "@tenon/low": "workspace:^" },
      devDependencies: { "@tenon/mid": "workspace:^" },
    }),
  };
  for (const name of ["a.test.ts", "a.browser.ts"]) {
    const problems = check({ ...mid, ...listed, [`packages/high/src/${name}`]: aTest });
    expect(problems).toEqual([
      `packages/mid is missing from the table in scripts/imports.mjs: add it with the packages that it may import.`,
    ]);
  }
  expect(check({ "packages/low/src/a.test.ts": `import "@tenon/high";` })).toEqual([
    `packages/low/src/a.test.ts:1 imports @tenon/high, which packages/low/package.json does not list among its devDependencies.`,
  ]);
  expect(
    check({ "packages/low/package.json": manifest("low", { devDependencies: { "@tenon/high": "workspace:^" } }) }),
  ).toEqual([`Packages depend on each other in a circle: @tenon/high → @tenon/low → @tenon/high.`]);
});

test("an import that package.json does not list is caught", () => {
  expect(check({ "packages/high/package.json": manifest("high", {}) })).toEqual([
    `packages/high/src/index.ts:1 imports @tenon/low, which packages/high/package.json does not list among its dependencies.`,
  ]);
});

test("a version of a workspace package in place of workspace:^ is caught", () => {
  const files = { "packages/high/package.json": manifest("high", { dependencies: { "@tenon/low": "0.1.0" } }) };
  expect(check(files)).toEqual([`packages/high/package.json asks for @tenon/low 0.1.0: write "workspace:^".`]);
});

test("a relative path into another package is caught", () => {
  expect(check({ "packages/high/src/index.ts": `export * from "../../low/src/index.ts";` })).toEqual([
    `packages/high/src/index.ts:1 imports ../../low/src/index.ts, which leaves packages/high: import the other package by its name.`,
  ]);
});

test("a package's own name is caught", () => {
  expect(check({ "packages/low/src/a.test.ts": `import "@tenon/low";` })).toEqual([
    `packages/low/src/a.test.ts:1 imports its own package: use a relative path.`,
  ]);
});

test("a backend inside a part of a model is caught", () => {
  const [problem] = check({ "packages/high/src/index.ts": `import { wasm } from "@tenon/backend-wasm";` });
  expect(problem).toContain("a part of a model never names a backend");
});

test("Node's modules are for tests, node.ts and folders named node", () => {
  const source = `import { readFileSync } from "node:fs";`;
  const at = (name) => ({ [`packages/low/src/${name}.ts`]: source });
  const files = { ...at("a.test"), ...at("node"), ...at("node/a"), ...at("a") };
  expect(check(files)).toEqual([
    `packages/low/src/a.ts:1 imports node:fs, but only tests, apps, docs, node.ts and folders named node may use Node.`,
  ]);
});
