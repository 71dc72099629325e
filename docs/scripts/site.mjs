// The site: `npm run docs` makes the reference from the doc comments, builds, checks all links, and serves it with the headers that WebAssembly needs for threads.
//
//   --port <n>    where (default 4174, or the next that is free)
//   --build       builds, and serves nothing: what `npm run build` does
//   --no-build    serves what was built before
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { preview } from "vite";

import { brokenLinks } from "./check-links.mjs";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "4174" },
    build: { type: "boolean" },
    "no-build": { type: "boolean" },
  },
});
const root = fileURLToPath(new URL("..", import.meta.url));

if (!values["no-build"]) {
  step("The reference", "typedoc/bin/typedoc", []);
  step("The site", "vitepress/bin/vitepress.js", ["build", "."]);
  const broken = brokenLinks(join(root, "dist"));
  if (broken.length > 0) {
    console.error(`${broken.length} links lead nowhere:\n${broken.join("\n")}`);
    process.exit(1);
  }
}
if (!values.build) {
  const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  const server = await preview({
    root,
    preview: { port: Number(values.port), headers: isolated },
    build: { outDir: "dist" },
  });
  console.log(`The site is at ${server.resolvedUrls.local[0]} (Ctrl-C ends it).`);
}

/** Runs a program of node_modules; what it says is shown when it fails. */
function step(title, program, args) {
  const began = performance.now();
  process.stderr.write(`${title} … `);
  try {
    execFileSync(process.execPath, [join(root, "node_modules", program), ...args], { cwd: root, stdio: "pipe" });
  } catch (error) {
    console.error(`failed\n${error.stdout ?? ""}${error.stderr ?? error}`);
    process.exit(1);
  }
  console.error(`${((performance.now() - began) / 1000).toFixed(1)} s`);
}
