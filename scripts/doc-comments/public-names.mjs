// Finds the packages' files, and their public names: what can be imported from the entry points that their package.json lists.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";

import { readFences } from "./fences.mjs";
import { parse } from "./parse.mjs";

/** The entry points of the packages, as `{ specifier, owner, path }`: `@tenon/checkpoint/node`, `@tenon/checkpoint`, its source. */
export function entryPoints(root) {
  const manifests = readdirSync(join(root, "packages"))
    .map((name) => `packages/${name}`)
    .filter((folder) => existsSync(join(root, folder, "package.json")));
  return manifests.flatMap((folder) => {
    const { name, exports = {} } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    return Object.entries(exports)
      .filter(([, target]) => target["@tenon/source"] !== undefined)
      .map(([entry, target]) => {
        const path = posix.join(folder, target["@tenon/source"]);
        return { specifier: posix.join(name, entry), owner: name, path };
      });
  });
}

/** The names that can be imported from the file at `path`, each as `{ name, file, local }`: where it is declared, and as what. */
export function exportedNames(root, path) {
  if (!existsSync(join(root, path))) return []; // importing it says so
  const { module } = parse(root, path);
  const entries = module.staticExports.flatMap((each) => each.entries);
  return entries.flatMap(({ moduleRequest, importName, exportName, localName }) => {
    if (moduleRequest === null) return [{ name: exportName.name, file: path, local: localName.name }];
    if (!moduleRequest.value.startsWith(".")) return []; // another package's, which is public there
    const file = posix.join(posix.dirname(path), moduleRequest.value);
    const all = exportedNames(root, file);
    if (importName.kind === "AllButDefault") return all;
    // `export * as names` is one name, for a table of names that are not public themselves.
    if (importName.kind === "All") return [];
    return all.filter(({ name }) => name === importName.name).map((one) => ({ ...one, name: exportName.name }));
  });
}

/** The source files of the packages that have entry points, without tests, each as `{ path, owner }`. */
export function sourcesOf(root, entries) {
  return foldersOf(entries).flatMap(({ folder, owner }) =>
    readdirSync(join(root, folder, "src"), { recursive: true })
      .map((name) => posix.join(folder, "src", name.replaceAll("\\", "/")))
      .filter((path) => path.endsWith(".ts") && !/\.(test|browser)\.ts$/.test(path))
      .sort()
      .map((path) => ({ path, owner })),
  );
}

/** The READMEs of these packages with their fences, each as `{ path, owner, fences }`. */
export function readmesOf(root, entries) {
  return foldersOf(entries)
    .map(({ folder, owner }) => ({ path: `${folder}/README.md`, owner }))
    .filter(({ path }) => existsSync(join(root, path)))
    .map((one) => ({ ...one, fences: readFences(readFileSync(join(root, one.path), "utf8")).fences }));
}

function foldersOf(entries) {
  const owners = new Map(entries.map(({ owner, path }) => [path.split("/").slice(0, 2).join("/"), owner]));
  return [...owners].map(([folder, owner]) => ({ folder, owner }));
}
