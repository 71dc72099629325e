// Reads the packages of the workspace, and what each of their files imports.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";

import { parseSync } from "oxc-parser";

/**
 * All packages and all TypeScript files in them. Paths are relative to `root`, with forward slashes.
 *
 * A file's imports are `{ specifier, line, target, atLoad }`: `target` is the imported file where it lies in the workspace, and
 * `atLoad` says that the import runs as soon as the file is loaded: neither erased as a type nor called for later by `import()`.
 */
export function readWorkspace(root) {
  const packages = packageFolders(root).map((folder) => {
    const {
      name,
      exports,
      dependencies = {},
      devDependencies = {},
    } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    return { folder, name, exports, dependencies, devDependencies };
  });
  const files = packages.flatMap((owner) =>
    typeScriptFiles(root, owner.folder).map((path) => {
      // Only what lies in src, and is no test, reaches a user: the rest may use what its package lists for development.
      const isShipped = path.startsWith(`${owner.folder}/src/`) && !/\.(test|browser)\.ts$/.test(path);
      const isForNode = !isShipped || !owner.folder.startsWith("packages/") || /\/node(\.ts$|\/)/.test(path);
      const source = readFileSync(join(root, path), "utf8");
      const imports = readImports(path, source).map((each) => ({ ...each, target: resolve(path, each.specifier) }));
      return { path, owner, isShipped, isForNode, imports };
    }),
  );
  return { packages, files };

  function resolve(from, specifier) {
    if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
    const owner = packages.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
    const entry = owner?.exports?.[`.${specifier.slice(owner.name.length)}`]?.["@tenon/source"];
    return entry === undefined ? undefined : posix.join(owner.folder, entry);
  }
}

/** The folders that pnpm-workspace.yaml names. */
function packageFolders(root) {
  const inside = (parent) =>
    existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`) : [];
  const folders = [...inside("packages"), ...inside("apps"), "docs"];
  return folders.filter((folder) => existsSync(join(root, folder, "package.json"))).sort();
}

function typeScriptFiles(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory())
        return entry.name === "node_modules" || entry.name === "dist" ? [] : typeScriptFiles(root, path);
      return /\.tsx?$/.test(entry.name) ? [path] : [];
    })
    .sort();
}

function readImports(path, source) {
  const { module, errors } = parseSync(path, source);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0].message}`);
  const lineOf = (offset) => source.slice(0, offset).split("\n").length;
  // `import { type A }` still runs the imported file under verbatimModuleSyntax: only `import type` is erased as a whole.
  const isErased = ({ start, end }) => /^(import|export)\s+type\b/.test(source.slice(start, end));
  const found = [
    ...module.staticImports.map((each) => ({
      specifier: each.moduleRequest.value,
      at: each.start,
      atLoad: !isErased(each),
    })),
    ...module.staticExports.map((each) => ({
      specifier: each.entries[0]?.moduleRequest?.value, // none where it exports something of its own
      at: each.start,
      atLoad: !isErased(each),
    })),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      specifier: literal(source.slice(start, end)),
      at: start,
      atLoad: false,
    })),
  ].filter(({ specifier }) => specifier !== undefined);
  return found.map(({ specifier, at, atLoad }) => ({ specifier, line: lineOf(at), atLoad }));
}

/** The text of a string literal; nothing for an expression, whose value only the running program knows. */
function literal(code) {
  return /^(["'])([^"'\\]*)\1$/.exec(code)?.[2];
}
