import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, expect, test } from "vitest";

import { differences } from "./api/differences.mjs";
import { apiReports } from "./api/report.mjs";
import { checkApi } from "./api.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const planted = [];
afterEach(() => planted.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** A repository with one package that has these sources. */
function plant(files) {
  const folder = mkdtempSync(join(tmpdir(), "tenon-api-test-"));
  planted.push(folder);
  const target = (path) => ({ types: path.replace("src", "dist"), default: path.replace("src", "dist") });
  const entries = { ".": "./src/index.ts", ...("src/more.ts" in files ? { "./more": "./src/more.ts" } : {}) };
  const manifest = {
    name: "@tenon/small",
    version: "0.1.0",
    type: "module",
    exports: Object.fromEntries(Object.entries(entries).map(([entry, path]) => [entry, { "@tenon/source": path }])),
    publishConfig: {
      exports: Object.fromEntries(Object.entries(entries).map(([entry, path]) => [entry, target(path)])),
    },
  };
  const all = { "package.json": JSON.stringify(manifest), ...files };
  for (const [path, content] of Object.entries(all)) {
    const file = join(folder, "packages/small", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  writeFileSync(join(folder, "tsconfig.base.json"), readFileSync(join(root, "tsconfig.base.json")));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  return folder;
}

function reportOf(files) {
  const [{ text }] = apiReports(plant(files), [{ folder: "packages/small", name: "@tenon/small" }]);
  return text;
}

test("the public surface is the one that was accepted", () => {
  expect(checkApi(root).join("\n\n")).toBe("");
});

test("a report has each public name with its declaration, in the order of names, and what these refer to", () => {
  const text = reportOf({
    "src/index.ts": `export { twice, type Options } from "./twice.ts"; export * as all from "./twice.ts";
      export { Box as Crate } from "./box.ts"; export type { Tensor } from "@tenon/tensor";`,
    "src/twice.ts": `import type { Hidden } from "./box.ts";
      /** Doubles.
       * @deprecated since 0.2: use
       *   thrice. */
      export function twice(x: number, options?: Options): number { return 2 * x; }
      /** Of {@link twice}. */
      export interface Options extends Hidden { /** Which way? */ readonly way: "up" | "down"; }`,
    "src/table.ts": `export const entry: Entry = 1; type Entry = number;`,
    "src/box.ts": `import type { Tensor } from "@tenon/tensor"; import type * as z from "zod"; import type * as table from "./table.ts";
      export interface Hidden { readonly inside: Tensor; readonly alike?: Alike; readonly kind: z.ZodType; readonly table: typeof table }
      interface Alike { readonly Unused: number }
      interface Unused { readonly never: true }
      export class Box { #lid = 1; readonly lid: number = this.#lid; static of(): Box { return new Box(); } }
      export const unused: Unused = { never: true };`,
    "src/more.ts": `export { twice } from "./twice.ts";
      export function pair(a: string): string; export function pair(a: number): number;
      export function pair(a: unknown): unknown { return a; }`,
  });
  expect(text).toBe(`# The public surface of @tenon/small

Written by \`npm run api -- --accept\`. A test compares it with the sources.

## @tenon/small

\`\`\`ts
class Box {
    #private;
    readonly lid: number;
    static of(): Box;
}
export { Box as Crate };
interface Options extends Hidden {
    readonly way: "up" | "down";
}
export { Tensor }; // as in @tenon/tensor
export * as all; // below
/** @deprecated since 0.2: use thrice. */
function twice(x: number, options?: Options): number;
\`\`\`

## @tenon/small: all

\`\`\`ts
export { Options }; // as in @tenon/small
export { twice }; // as in @tenon/small
\`\`\`

## @tenon/small/more

\`\`\`ts
function pair(a: string): string;
function pair(a: number): number;
export { twice }; // as in @tenon/small
\`\`\`

## Not exported, but part of what is

\`\`\`ts
interface Alike {
    readonly Unused: number;
}
type Entry = number;
interface Hidden {
    readonly inside: Tensor;
    readonly alike?: Alike;
    readonly kind: z.ZodType;
    readonly table: typeof table;
}
const entry: Entry;
\`\`\`

## Of other packages

\`\`\`ts
import type { Tensor } from "@tenon/tensor";
import type * as z from "zod";
\`\`\`
`);
});

test("a report that is missing, and one that is out of date, are told with what to do", () => {
  const folder = plant({ "src/index.ts": "export const one: number = 1;\nexport const two: number = 2;" });
  expect(checkApi(folder)).toEqual(["packages/small/api.md is missing. `npm run api -- --accept` writes it."]);
  const [{ text }] = apiReports(folder, [{ folder: "packages/small", name: "@tenon/small" }]);
  writeFileSync(join(folder, "packages/small/api.md"), text);
  expect(checkApi(folder)).toEqual([]);
  writeFileSync(join(folder, "packages/small/src/index.ts"), "export const one: 1 = 1;");
  expect(checkApi(folder)).toEqual([
    "The public surface is no longer what packages/small/api.md says:\n" +
      "- const one: number;\n- const two: number;\n+ const one: 1;\n" +
      "If that is meant, run `npm run api -- --accept`, and say so in a changeset.",
  ]);
});

test("what a file does not say cannot be declared", () => {
  expect(() => reportOf({ "src/index.ts": "export const one = Math.random();" })).toThrow(/could not be made.*TS9010/s);
});

test("two texts differ in the fewest lines", () => {
  expect(differences("a\nb\nc\nd", "a\nc\nx\nd\ne")).toEqual(["- b", "+ x", "+ e"]);
  expect(differences("a\nb", "a\nb")).toEqual([]);
});
