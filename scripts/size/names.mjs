// The names that an entry may forbid: those of modules and those of ops.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** All names of the packages' folders and files, of the packages that they depend on, and of ops. */
export function readNames(root) {
  const modules = new Set(dependencies(root).flatMap(modulesOf));
  const ops = new Set();
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/src`);
  for (const path of packages.flatMap((folder) => sources(root, folder))) {
    for (const name of modulesOf(path)) modules.add(name);
    for (const [, name] of readFileSync(join(root, path), "utf8").matchAll(/\bname: "([\w/]+)"/g)) ops.add(name);
  }
  return { modules, ops };
}

/** The folders and the file on the way to it: `packages/tensor/src/ops/softmax.ts` is in `tensor`, in `ops`, and is `softmax`. */
export function modulesOf(path) {
  return path.split("/").map((part) => part.replace(/\.ts$/, ""));
}

function dependencies(root) {
  return readdirSync(join(root, "packages")).flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
    return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  });
}

function sources(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(root, path);
    return path.endsWith(".ts") && !/\.(test|browser)\.ts$/.test(path) ? [path] : [];
  });
}
