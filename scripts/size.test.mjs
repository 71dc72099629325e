import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, expect, test } from "vitest";

import { publishable } from "./packages/pack.mjs";
import { entries } from "./size/entries.mjs";
import { checkSizes } from "./size.mjs";

const planted = [];
afterEach(() => planted.splice(0).forEach((root) => rmSync(root, { recursive: true })));

const sources = {
  "package.json": JSON.stringify({
    name: "@tenon/small",
    sideEffects: false,
    exports: { ".": { "@tenon/source": "./src/index.ts", default: "./dist/missing.js" } },
  }),
  "src/index.ts": `export { double } from "./double.ts"; export { heavyOp } from "./heavy/heavy.ts";`,
  "src/double.ts": `export const double = (x: number): number => 2 * x;`,
  "src/heavy/heavy.ts": `export const heavyOp = { kind: "primitive", name: "weight", text: ${JSON.stringify("not small ".repeat(9))} };`,
};

/** Bundles one entry of a package with a small part and a heavy one, and returns its sizes and violations. */
async function check(entry, files = {}) {
  const root = mkdtempSync(join(tmpdir(), "tenon-size-"));
  planted.push(root);
  for (const [path, content] of Object.entries({ ...sources, ...files })) {
    const file = join(root, "packages/small", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const defaults = {
    name: "one",
    from: "packages/small",
    ceiling: 100,
    absent: { modules: ["heavy"], ops: ["weight"] },
  };
  const [result] = await checkSizes(root, [{ ...defaults, code: `export { double } from "@tenon/small";`, ...entry }]);
  return result;
}

test("what is small passes, and pays for nothing that it does not import", async () => {
  const { minified, gzipped, files, problems } = await check({});
  expect(problems).toEqual([]);
  expect(files.map(({ path }) => path)).toEqual(["packages/small/src/double.ts"]);
  expect(minified).toBeLessThan(50);
  expect(gzipped).toBeLessThan(100);
});

test("a ceiling holds to the byte", async () => {
  const { gzipped } = await check({});
  expect((await check({ ceiling: gzipped })).problems).toEqual([]);
  expect((await check({ ceiling: gzipped - 1 })).problems).toEqual([
    `one: ${gzipped} bytes gzipped, 1 more than its ceiling of ${gzipped - 1}.`,
  ]);
});

test("a module and an op that must not be there are caught", async () => {
  const { problems } = await check({ code: `export { heavyOp } from "@tenon/small";`, ceiling: 1000 });
  expect(problems).toEqual([
    expect.stringMatching(
      /^one: packages\/small\/src\/heavy\/heavy\.ts adds \d+ bytes, but heavy must not be in it\.$/,
    ),
    "one: the op weight is in it, and must not be.",
  ]);
});

test("code that cannot be shaken off is caught where nobody imports it", async () => {
  const files = {
    "src/double.ts": `import { heavyOp } from "./heavy/heavy.ts";
    export const double = (x: number): number => 2 * x;
    export const other = String(heavyOp);`,
  };
  expect((await check({ ceiling: 1000 }, files)).problems).toHaveLength(2);
});

test("a name that forbids nothing is caught", async () => {
  const { problems } = await check({ absent: { modules: ["heavier"], ops: ["mass"] } });
  expect(problems).toEqual([
    "one: forbids the module heavier, but no file or folder of a package is named so.",
    "one: forbids the op mass, but no op is named so.",
  ]);
});

test("an external package is not counted", async () => {
  const code = `export { double } from "@tenon/small"; export { all } from "@tenon/other";`;
  const { files, problems } = await check({ code, external: ["@tenon/other"], ceiling: 200 });
  expect(problems).toEqual([]);
  expect(files.map(({ path }) => path)).not.toContainEqual(expect.stringContaining("other"));
  await expect(check({ code })).rejects.toThrow("@tenon/other");
});

test("text that must not be there is caught, and what packages depend on can be forbidden", async () => {
  const manifest = JSON.parse(sources["package.json"]);
  const files = { "package.json": JSON.stringify({ ...manifest, peerDependencies: { "gpu.js": "2" } }) };
  const absent = { modules: ["gpu.js"], ops: [], text: ["WebAssembly", "export"] };
  expect((await check({ absent }, files)).problems).toEqual(['one: "export" is in it, and must not be.']);
});

test("every package that is published has an entry", () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const missing = publishable(root).filter(({ folder }) => !entries.some(({ from }) => from === folder));
  expect(missing).toEqual([]);
});

test("a name that a package does not export stops the run", async () => {
  await expect(check({ code: `export { treble } from "@tenon/small";` })).rejects.toThrow("treble");
});
