// Bundles one entry as somebody's page would, but from source.
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

import { modulesOf } from "./names.mjs";

/**
 * The bundle's text and sizes in bytes, and the files that contributed code to it, the largest share first:
 * `{ path, bytes, modules }`, with the names of the folders and the file on the way to it.
 */
export async function bundle(root, { from, code, external = [] }) {
  const { outputFiles, metafile } = await build({
    // Not as TypeScript, where esbuild takes a name that is not exported for a type and drops it.
    stdin: { contents: code, resolveDir: join(root, from), loader: "js" },
    absWorkingDir: root,
    conditions: ["@tenon/source"],
    platform: "browser",
    target: "es2023",
    format: "esm",
    bundle: true,
    external: [...external],
    minify: true,
    metafile: true,
    write: false,
    outdir: "bundle", // which nothing is written to; esbuild wants a name
    logLevel: "silent", // a failure is thrown, with the same text
  });
  const [{ contents, text }] = outputFiles;
  const [{ inputs }] = Object.values(metafile.outputs);
  const files = Object.entries(inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput, modules: modulesOf(path) }))
    .sort((a, b) => b.bytes - a.bytes);
  return { text, minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length, files };
}
