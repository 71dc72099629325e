// Builds the page and serves it, with the headers that WebAssembly needs for threads: `npm run playground`.
//
//   --port <n>    where (default 4173, or the next that is free; 0: any that is free)
//   --no-build    serves what was built before
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { build, preview } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

// Vite ends by itself at SIGTERM, and leaves Ctrl-C to Node; neither waits for a page that keeps its connection open.
try {
  const { port, noBuild } = options();
  if (!noBuild) await buildPage();
  else if (!existsSync(join(root, "dist/index.html")))
    throw new Error("Nothing was built before: leave out --no-build.");
  const server = await preview({ root, preview: { port } });
  console.log(`The playground is at ${server.resolvedUrls.local[0]} (Ctrl-C ends it).`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function options() {
  const { values } = parseArgs({
    options: { port: { type: "string", default: "4173" }, "no-build": { type: "boolean" } },
  });
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
    throw new Error(`--port takes a whole number from 0 to 65535, not ${values.port}.`);
  return { port: Number(values.port), noBuild: values["no-build"] };
}

async function buildPage() {
  const began = performance.now();
  process.stderr.write("Building the playground … ");
  await build({ root, logLevel: "warn" });
  console.error(`${((performance.now() - began) / 1000).toFixed(1)} s`);
}
