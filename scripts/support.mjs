// Runs the backend testkit on the backends of this repository, and writes what each of them can do to docs/support-matrix.md.
//
// `npm run support` exits with 1 when a test fails; the document then says which.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { startVitest } from "vitest/node";

import { renderMatrix } from "../packages/backend-testkit/src/matrix.ts";
import TestkitReporter from "../packages/backend-testkit/src/node/reporter.ts";
import { parseResults } from "../packages/backend-testkit/src/results.ts";

/** The test files that call testBackend, once for each column. */
const files = [
  "packages/backend-testkit/src/cpu.test.ts",
  "packages/backend-testkit/src/composed.test.ts",
  "packages/backend-wasm/src/conformance.test.ts",
  "packages/backend-gpujs/src/conformance.test.ts",
  "packages/backend-gpujs/src/conformance-webgl2.browser.ts",
  "packages/backend-gpujs/src/conformance-webgpu.browser.ts",
];
process.env.CI ??= "1"; // a browser is needed, and got where there is none

const heading = `# What each backend supports

\`npm run support\` writes this page: it runs all tests of \`@tenon/backend-testkit\` on each backend.

- **kernel**: the backend has a kernel of its own for the op, at least for some calls; the others run composed.
- **composed**: the smaller ops that the op is made of run on the same backend.
- **n passed**: all n tests of the row pass; they say nothing about kernels.

A number in brackets leads to the reason why tests are skipped, below the table.
`;

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "node_modules/.cache/tenon-support");
rmSync(folder, { recursive: true, force: true });
await startVitest(files, { root, watch: false, reporters: ["default", new TestkitReporter({ folder })] });

const results = readdirSync(folder)
  .map((file) => parseResults(readFileSync(join(folder, file), "utf8"), file))
  .sort((a, b) => (a.backend < b.backend ? -1 : 1));
const path = join(root, "docs/support-matrix.md");
writeFileSync(path, `${heading}\n${renderMatrix(results)}`);
execFileSync(join(root, "node_modules/.bin/oxfmt"), [path], { shell: process.platform === "win32" });
