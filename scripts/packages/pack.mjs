// Packs what would be published.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { manifestOf, readTarball } from "./tarball.mjs";

/** The packages that would be published, as `{ folder, name, version }`. */
export function publishable(root) {
  return readdirSync(join(root, "packages"))
    .map((name) => `packages/${name}`)
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) }))
    .filter((manifest) => manifest.private !== true)
    .map(({ folder, name, version }) => ({ folder, name, version }));
}

/** Runs the pnpm that package.json names, at `root`; returns what it prints. Throws when it fails. */
export function pnpm(root, args, options = {}) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return execFileSync("npx", ["--prefer-offline", "--yes", packageManager, ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
    ...options,
  });
}

/** Packs built packages, all that would be published or those of a list, into an empty folder; gives each as `{ folder, name, version, path, bytes, files, manifest }`. */
export function packAll(root, to, list = publishable(root)) {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const { folder, name } of list) {
    if (!readdirSync(join(root, folder)).includes("dist"))
      throw new Error(`${name} is not built: run \`npm run build\` first`);
  }
  pnpm(root, [
    "-r",
    ...list.flatMap(({ name }) => ["--filter", name]),
    "exec",
    "pnpm",
    "pack",
    "--pack-destination",
    to,
  ]);
  return list.map((one) => {
    const path = join(to, `${one.name.replace("@", "").replace("/", "-")}-${one.version}.tgz`);
    const bytes = readFileSync(path);
    const files = readTarball(bytes);
    return { ...one, path, bytes, files, manifest: manifestOf(files) };
  });
}
