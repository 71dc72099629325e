import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { built } from "./plain-host.ts";

/** What the scripts that were asked for come to: kB (1000 bytes) when a host compresses them with gzip, and a line for each. */
export function firstLoad(asked: readonly string[]): {
  readonly kilobytes: number;
  readonly scripts: readonly string[];
} {
  const sizes = [...new Set(asked)]
    .filter((file) => /\.(js|wasm)$/.test(file))
    .map((file) => ({ file, kilobytes: gzipSync(readFileSync(join(built, file)), { level: 9 }).length / 1000 }))
    .sort((a, b) => b.kilobytes - a.kilobytes);
  return {
    kilobytes: sizes.reduce((sum, each) => sum + each.kilobytes, 0),
    scripts: sizes.map(({ file, kilobytes }) => `${kilobytes.toFixed(1).padStart(8)} kB  ${file}`),
  };
}
