import { expect, test } from "vitest";

import { checkPackage } from "./packages/checks.mjs";
import { publintProblems } from "./packages/linters.mjs";
import { manifestOf, readTarball, writeTarball } from "./packages/tarball.mjs";

const shared = { licence: "free\n", manifest: { license: "MIT" } };
const manifest = {
  name: "@tenon/small",
  version: "0.1.0",
  description: "Small.",
  keywords: ["small"],
  license: "MIT",
  type: "module",
  sideEffects: false,
  exports: {
    ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./package.json": "./package.json",
  },
  publishConfig: { access: "public" },
  engines: { node: ">=20" },
};
const map = (source) => JSON.stringify({ version: 3, sources: [source], mappings: "" });
const right = {
  "package.json": JSON.stringify(manifest),
  "README.md":
    "# @tenon/small\n\nFor tests.\n\n```sh\nnpm install @tenon/small\n```\n\n```ts\nconsole.log(1); // 1\n```\n",
  LICENSE: "free\n",
  "src/index.ts": "export const one: number = 1;\n",
  "dist/index.js": "export const one = 1;\n//# sourceMappingURL=index.js.map",
  "dist/index.js.map": map("../src/index.ts"),
  "dist/index.d.ts": "export declare const one: number;\n//# sourceMappingURL=index.d.ts.map",
  "dist/index.d.ts.map": map("../src/index.ts"),
};

/** A tarball with the right files and these instead; `undefined` leaves one out. */
function pack(changes = {}) {
  const entries = Object.entries({ ...right, ...changes }).filter(([, content]) => content !== undefined);
  const bytes = writeTarball(entries.map(([path, content]) => [path, Buffer.from(content)]));
  const files = readTarball(bytes);
  return { name: "@tenon/small", bytes, files, manifest: manifestOf(files) };
}

const check = (changes, given = shared) => checkPackage(pack(changes), given);
const withManifest = (changes) => ({ "package.json": JSON.stringify({ ...manifest, ...changes }) });

test("a package that is right has no violations", async () => {
  expect(check({})).toEqual([]);
});

test.each([
  [{ "README.md": undefined }, ["it has no README.md."]],
  [
    { "README.md": "# small\n```sh\nnpm install @tenon/smaller\n```\n" },
    [
      'README.md begins with "# small", not with "# @tenon/small".',
      "README.md does not say what the package is for before its first block of code.",
      "README.md has no line `npm install … @tenon/small`.",
      "README.md has no example: a block of ```ts.",
    ],
  ],
  [
    { "README.md": right["README.md"].replace("console", 'import { a } from "@tenon/tensor/testing";\nconsole') },
    ["README.md's first example imports @tenon/tensor, which its line `npm install` does not name."],
  ],
  [{ LICENSE: undefined }, ["it has no LICENSE."]],
  [{ LICENSE: "not free\n" }, ["its LICENSE is not that of the repository."]],
  [withManifest({ license: "ISC" }), ["package.json says license ISC, not MIT."]],
  [
    withManifest({ sideEffects: ["./dist/index.js"] }),
    ['package.json does not say "sideEffects": false, or list workers alone.'],
  ],
  [withManifest({ sideEffects: ["./*/worker.*"] }), []],
  [withManifest({ publishConfig: {} }), ['package.json has no publishConfig with "access": "public".']],
  [
    withManifest({ dependencies: { "@tenon/tensor": "workspace:^" } }),
    ["package.json still has a version that begins with workspace:."],
  ],
  [
    withManifest({
      exports: {
        ".": { "@tenon/source": "./src/index.ts", default: "./dist/index.js" },
        "./package.json": "./package.json",
      },
    }),
    ["package.json still has the condition @tenon/source.", 'exports "." does not begin with the condition "types".'],
  ],
  [
    withManifest({ bin: { small: "./dist/index.js", other: "./dist/other.js" } }),
    [
      "package.json names ./dist/other.js, which is not in the tarball.",
      "./dist/index.js is a command without #! in its first line.",
      "./dist/other.js is a command without #! in its first line.",
    ],
  ],
  [
    { "src/index.test.ts": "", "goldens/one.json": "", "dist/.tsbuildinfo": "" },
    [
      "src/index.test.ts should not be in the tarball.",
      "goldens/one.json should not be in the tarball.",
      "dist/.tsbuildinfo should not be in the tarball.",
    ],
  ],
  [
    { "src/index.ts": undefined, "dist/index.js": "export {};" },
    [
      "dist/index.js has no source map.",
      "dist/index.d.ts.map names the source ../src/index.ts, which is not in the tarball.",
    ],
  ],
])("%j", (changes, problems) => expect(check(changes)).toEqual(problems));

test("a repository that has a home wants each package to name it", () => {
  const home = { ...shared, manifest: { license: "MIT", repository: "example" } };
  expect(check({}, home)).toEqual(['package.json has no "repository".']);
});

test("a tarball keeps its files, whatever their names are long", () => {
  const long = `${"folder/".repeat(20)}file.js`;
  const files = new Map([
    ["package.json", Buffer.from("{}")],
    [long, Buffer.from("ü".repeat(300))],
    ["empty", Buffer.alloc(0)],
  ]);
  expect([...readTarball(writeTarball(files))]).toEqual([...files]);
});

test("publint is heard", async () => {
  expect(await publintProblems(pack())).toEqual([]);
  const [problem] = await publintProblems(pack(withManifest({ main: "./missing.js" })));
  expect(problem).toMatch(/^publint: pkg\.main is \.\/missing\.js but the file does not exist\./);
});
