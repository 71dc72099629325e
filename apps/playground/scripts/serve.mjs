// Builds the page and serves it, with the headers that WebAssembly needs for threads: `npm run playground`.
//
//   --port <n>    where (default 4173, or the next that is free)
//   --no-build    serves what was built before
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { build, preview } from "vite";

const { values } = parseArgs({
  options: { port: { type: "string", default: "4173" }, "no-build": { type: "boolean" } },
});
const root = fileURLToPath(new URL("..", import.meta.url));

if (!values["no-build"]) {
  const began = performance.now();
  process.stderr.write("Building the playground … ");
  await build({ root, logLevel: "warn" });
  console.error(`${((performance.now() - began) / 1000).toFixed(1)} s`);
}
const server = await preview({ root, preview: { port: Number(values.port) } });
console.log(`The playground is at ${server.resolvedUrls.local[0]} (Ctrl-C ends it).`);
