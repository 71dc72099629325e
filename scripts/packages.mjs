// Packs every package that would be published, and checks the tarballs: what users get, not what lies here.
//
//   npm run packages                 all of them
//   npm run packages -- --keep=out   leaves the tarballs in the folder `out`
//
//   1. scripts/packages/checks.mjs: README, licence, manifest, every target there, source maps that lead somewhere, nothing too much.
//   2. publint, with suggestions as errors.
//   3. are-the-types-wrong, for importers of ES modules.
//
// It prints each violation below a table and exits with 1 when there is one.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { checkPackage } from "./packages/checks.mjs";
import { publintProblems, typesProblems } from "./packages/linters.mjs";
import { packAll } from "./packages/pack.mjs";

const { values } = parseArgs({ options: { keep: { type: "string" } } });
const root = fileURLToPath(new URL("..", import.meta.url));
const shared = {
  licence: readFileSync(join(root, "LICENSE"), "utf8"),
  manifest: JSON.parse(readFileSync(join(root, "package.json"), "utf8")),
};
const folder = values.keep === undefined ? mkdtempSync(join(tmpdir(), "tenon-packages-")) : resolve(values.keep);
const problems = [];
try {
  for (const packed of packAll(root, folder)) {
    const found = [
      ...checkPackage(packed, shared),
      ...(await publintProblems(packed)),
      ...(await typesProblems(root, packed)),
    ];
    const verdict = found.length === 0 ? "right" : `${found.length} wrong`;
    console.log(
      `${packed.name.padEnd(26)} ${packed.version}  ${String(packed.files.size).padStart(4)} files ` +
        `${(packed.bytes.length / 1000).toFixed(0).padStart(5)} kB  ${verdict}`,
    );
    problems.push(...found.map((problem) => `${packed.name}: ${problem}`));
  }
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true });
}
if (problems.length > 0) console.error(`\n${problems.join("\n")}`);
process.exitCode = problems.length > 0 ? 1 : 0;
