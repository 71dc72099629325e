import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { checkDocComments } from "./doc-comments.mjs";

const planted = [];
afterEach(() => planted.splice(0).forEach((root) => rmSync(root, { recursive: true })));

const manifest = (name) =>
  JSON.stringify({ name: `@tenon/${name}`, type: "module", exports: { ".": { "@tenon/source": "./src/index.ts" } } });

/** Writes a workspace of two packages, tensor and other, with the given files added or replaced, and checks it. */
function check(files, allowed = {}) {
  const root = mkdtempSync(join(tmpdir(), "tenon-doc-comments-"));
  planted.push(root);
  const all = {
    "packages/tensor/package.json": manifest("tensor"),
    "packages/tensor/src/index.ts": `export { twice } from "./ops/twice.ts"; export const one = 1;`,
    "packages/tensor/src/ops/twice.ts": op(
      `2 · x, element by element: [b, t] → [b, t].`,
      `Gradient: 2.`,
      example("twice(1)", "2"),
    ),
    "packages/other/package.json": manifest("other"),
    "packages/other/src/index.ts": `export * from "./thrice.ts";`,
    "packages/other/src/thrice.ts": thrice(example("thrice(one)", "3")),
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return checkDocComments(root, allowed);
}

const fence = (...lines) => ["```ts", ...lines, "```"].join("\n");
const example = (call, printed) => `@example\n${fence(`console.log(${call}); // ${printed}`)}`;
const comment = (...lines) => `/**\n${lines.join("\n").replaceAll(/^/gm, " * ")}\n */`;
const op = (...lines) => `${comment(...lines)}\nexport function twice(x: number): number { return 2 * x; }`;
const thrice = (...lines) => `${comment("3 · x.", ...lines)}\nexport const thrice = (x: number): number => 3 * x;`;
/** Checks examples of a function `thrice`, which the third line of its file begins. */
const checkThrice = (...lines) => check({ "packages/other/src/thrice.ts": thrice(...lines) });

test("a workspace in order passes", async () => {
  expect(await check({})).toEqual([]);
});

test("a function and a class without a doc comment are caught, but what is not public may go without", async () => {
  const source = "export function a() {}\nexport class B {}\nfunction c() {}\nexport interface D {}\n";
  expect(await check({ "packages/other/src/thrice.ts": source })).toEqual([
    "packages/other/src/thrice.ts:1 a has no doc comment.",
    "packages/other/src/thrice.ts:2 B has no doc comment.",
  ]);
});

test("a comment that belongs to something else does not count, and one comment does for all overloads", async () => {
  const source = `/** Of x. */\nconst x = 1;\nexport function a() {}
    /** Of b. */\n// oxlint-disable-next-line\nexport function b(x: string): void;\nexport function b(x: unknown): void {}`;
  expect(await check({ "packages/other/src/thrice.ts": source })).toEqual([
    "packages/other/src/thrice.ts:3 a has no doc comment.",
  ]);
});

test("an op without shapes, gradient or example is caught", async () => {
  expect(await check({ "packages/tensor/src/ops/twice.ts": op("Doubles x. The Gradient: 2.") })).toEqual([
    "packages/tensor/src/ops/twice.ts:4 twice says nothing of its shapes.",
    'packages/tensor/src/ops/twice.ts:4 twice has no line that begins with "Gradient:".',
    "packages/tensor/src/ops/twice.ts:4 twice has no example.",
  ]);
});

test("shapes and gradient inside of an example do not count", async () => {
  const inside = `@example\n${fence("const shape = [2];", "// [b, t]", "// Gradient: 2")}`;
  expect(await check({ "packages/tensor/src/ops/twice.ts": op("Doubles x.", inside) })).toHaveLength(2);
});

test("an @example without a fence is caught", async () => {
  expect(await checkThrice("@example `thrice(1)`")).toEqual([
    "packages/other/src/thrice.ts:3 thrice has an @example that no fence of ts follows.",
  ]);
  expect(await checkThrice("@example", "thrice(1)")).toHaveLength(1);
});

test("an example that prints something else is caught", async () => {
  expect(await checkThrice(example("thrice(2)", "5"))).toEqual([
    "packages/other/src/thrice.ts:4 the example of thrice prints 6, where it says 5.",
  ]);
});

test("an example that throws, does not parse, or uses what is not there is caught", async () => {
  const because = async (code) => (await checkThrice("@example", fence(code)))[0];
  expect(await because("null.x;")).toContain(
    "the example of thrice does not run: TypeError: Cannot read properties of",
  );
  expect(await because("const = 1;")).toContain("the example of thrice does not parse: ");
  expect(await because("fourTimes(1);")).toContain("does not run: ReferenceError: fourTimes is not defined");
  expect(await because(`import { a } from "nowhere";`)).toContain("does not run: Error: Cannot find module 'nowhere'");
});

test("a console.log that does not say what it prints is caught", async () => {
  expect(await checkThrice("@example", fence("console.log(1); // 1", "console.log(2);"))).toEqual([
    "packages/other/src/thrice.ts:4 the example of thrice has a console.log that does not say what it prints.",
  ]);
});

test("a console.log that never runs, or too often, is caught", async () => {
  expect(await checkThrice("@example", fence("if (one > 1) console.log(1); // 1"))).toEqual([
    "packages/other/src/thrice.ts:4 the example of thrice prints nothing, where it says 1.",
  ]);
  expect(await checkThrice("@example", fence("[1, 2].forEach((x) => {", "  console.log(x); // 1", "});"))).toEqual([
    "packages/other/src/thrice.ts:4 the example of thrice prints 2, which it does not say.",
  ]);
});

test("examples use await, using, types, loops, imports and names of their own", async () => {
  const code = [
    `import { thrice as times, type Nothing } from "@tenon/other";`,
    `import type { Missing } from "nowhere";`,
    `using held = { [Symbol.dispose]() {} };`,
    `const one: number = await Promise.resolve(4);`,
    `console.log(times(one), "%s"); // 12 %s`,
    `for (const x of [1, 2]) {`,
    `  console.log(x);`,
    `}`,
    `// 1`,
    `// 2`,
    `console.log(`,
    `  new Float32Array(8),`,
    `); // Float32Array(8) [ 0, 0, 0, 0, 0, 0, 0, 0 ]`,
    `console.log({ a: 1 });`,
    `// { a: 1 }`,
  ];
  expect(await checkThrice("@example", fence(...code))).toEqual([]);
});

test("an example's own package comes first, then tensor, then the others", async () => {
  const index = (value) => `export const name = "${value}";`;
  const files = {
    "packages/tensor/src/index.ts": `${index("tensor")} export { twice } from "./ops/twice.ts"; export const one = 1;`,
    "packages/another/package.json": manifest("another"),
    "packages/another/src/index.ts": `${comment(example("name", "another"))}\n${index("another")}`,
  };
  expect(await check({ ...files, "packages/other/src/thrice.ts": thrice(example("name", "tensor")) })).toEqual([]);
});

test("only what is not public sees what is not public, in the same file", async () => {
  const hidden = `\n${comment("Hidden.", example("hidden + rest", "3"))}\nexport const hidden = 1;\nexport const rest = 2;`;
  const files = {
    "packages/other/src/index.ts": `export { thrice } from "./thrice.ts";`,
    "packages/other/src/thrice.ts": thrice(example("hidden", "1")) + hidden,
  };
  expect(await check(files)).toEqual([
    "packages/other/src/thrice.ts:4 the example of thrice does not run: ReferenceError: hidden is not defined.",
  ]);
});

test("examples inside of a class run", async () => {
  const source = `/** A. */\nexport class A {\n  /**\n   * @example\n   * \`\`\`ts\n   * console.log(1); // 2\n   * \`\`\`\n   */\n  b() {}\n}`;
  expect(await check({ "packages/other/src/thrice.ts": source })).toEqual([
    "packages/other/src/thrice.ts:5 the example of A prints 1, where it says 2.",
  ]);
});

test("a fragment does not run, and has to be listed", async () => {
  const files = { "packages/other/src/thrice.ts": thrice("@example", "```ts fragment", "…", "```") };
  expect(await check(files)).toEqual([
    "packages/other/src/thrice.ts:4 thrice has a fragment, which scripts/doc-comments.mjs does not list.",
  ]);
  expect(await check(files, { "packages/other/src/thrice.ts thrice": "a reason" })).toEqual([]);
  expect(await check({}, { "packages/other/src/thrice.ts thrice": "a reason" })).toEqual([
    "scripts/doc-comments.mjs lists a fragment of packages/other/src/thrice.ts thrice, which has none.",
  ]);
});

test("a README's examples run, and import what they use", async () => {
  const files = { "packages/other/README.md": `# Other\n\n${fence("console.log(thrice(1)); // 3")}\n` };
  expect(await check(files)).toEqual([
    "packages/other/README.md:3 this code does not run: ReferenceError: thrice is not defined.",
  ]);
});

test("a package that cannot be imported is named", async () => {
  const [problem] = await check({ "packages/other/src/index.ts": `import "./missing.ts";` });
  expect(problem).toMatch(/^packages\/other\/src\/index\.ts cannot be imported: /);
});
