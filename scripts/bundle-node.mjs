// The end of a package's build: joins its files into a few for Node, Bun and Deno, which take 0.6 ms for each file that they load.
//
// `node ../../scripts/bundle-node.mjs [files …]` in the folder of a package bundles `dist/` into `dist/node/`: each entry that `exports`
// has under the condition "node", and each of the files, all with the code that they share in chunks of its own. Pages keep getting the
// files one by one, from which bundlers can leave out what is not used.
import { readFileSync } from "node:fs";
import { basename } from "node:path";

import { build } from "esbuild";

const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
const entries = Object.values(exports).flatMap(({ node, default: whole }) =>
  node === undefined ? [] : [[node, whole]],
);
const files = process.argv.slice(2).map((file) => [`./dist/node/${basename(file)}`, file]);
if (entries.length === 0) throw new Error(`no entry of package.json's "exports" has the condition "node"`);
await build({
  entryPoints: [...entries, ...files].map(([to, from]) => ({
    in: from,
    out: to.replace(/^\.\/dist\/node\//, "").replace(/\.js$/, ""),
  })),
  outdir: "dist/node",
  bundle: true,
  splitting: true,
  packages: "external",
  platform: "node",
  target: "node20",
  format: "esm",
  sourcemap: true,
  logLevel: "warning",
});
