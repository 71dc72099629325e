// Checks how the files import each other: the part of Tenon's architecture that a compiler cannot see.
//
//   1. Between packages, imports point one way: the table below says which package may import which.
//   2. package.json lists what the sources import, and its workspace packages, tests' included, form no circle.
//   3. A relative import stays inside its package; another package is imported by its name.
//   4. No file imports itself through others (`import type` is erased, so it does not count here).
//   5. What runs in a browser imports nothing of Node: only tests, apps, docs, node.ts and folders named node do.
//
// `node scripts/imports.mjs` prints each violation and exits with 1 when there is one.
import { fileURLToPath } from "node:url";

import { findCycles } from "./imports/cycles.mjs";
import { readWorkspace } from "./imports/workspace.mjs";

/** What each package of `packages/` may import from the others. Apps and docs may import all. */
const allowed = {
  tensor: [],
  "wasm-assembler": [],
  "backend-wasm": ["tensor", "wasm-assembler"],
  "backend-gpujs": ["tensor"],
  nn: ["tensor"],
  positional: ["tensor", "nn"],
  embeddings: ["tensor", "nn", "positional", "checkpoint", "wasm-assembler"],
  attention: ["tensor", "nn", "positional"],
  blocks: ["tensor", "nn", "positional", "attention"],
  models: ["tensor", "nn", "positional", "embeddings", "attention", "blocks"],
  sampling: ["tensor"],
  tokenizers: ["tensor"],
  checkpoint: ["tensor", "nn"],
  pretrained: ["tensor", "nn", "models", "checkpoint", "tokenizers"],
  corpus: ["tensor", "tokenizers"],
  training: ["tensor", "nn", "checkpoint"],
  stories: ["tensor"],
  "backend-testkit": ["tensor", "nn", "checkpoint"],
};

/** Returns every violation in the workspace at `root`, one sentence each. */
export function checkImports(root, table = allowed) {
  const { packages, files } = readWorkspace(root);
  const mayImport = ({ folder }, name) =>
    !isPackage(folder) || table[shortName(folder)]?.some((other) => name === `@tenon/${other}`);
  return [
    ...packages.flatMap((one) => checkManifest(one, packages, table, mayImport)),
    ...files.flatMap((file) => file.imports.flatMap((each) => checkImport(file, each, mayImport))),
    ...checkCycles(packages, files),
  ];
}

const isPackage = (folder) => folder.startsWith("packages/");
const shortName = (folder) => folder.slice("packages/".length);

function checkManifest(one, packages, table, mayImport) {
  const where = `${one.folder}/package.json`;
  const problems = [];
  if (isPackage(one.folder) && !(shortName(one.folder) in table)) {
    problems.push(
      `${one.folder} is missing from the table in scripts/imports.mjs: add it with the packages that it may import.`,
    );
  }
  for (const [name, version] of Object.entries({ ...one.dependencies, ...one.devDependencies })) {
    if (!packages.some((other) => other.name === name)) continue;
    if (!version.startsWith("workspace:")) problems.push(`${where} asks for ${name} ${version}: write "workspace:^".`);
    if (name in one.dependencies && !mayImport(one, name))
      problems.push(`${where} depends on ${name}: ${wrongWay(one, name)}`);
  }
  return problems;
}

function checkImport({ path, owner, isShipped, isForNode }, { specifier, target, line }, mayImport) {
  const where = `${path}:${line}`;
  if (specifier.startsWith(".")) {
    const inside = target.startsWith(`${owner.folder}/`);
    return inside
      ? []
      : [`${where} imports ${specifier}, which leaves ${owner.folder}: import the other package by its name.`];
  }
  if (specifier.startsWith("node:")) {
    return isForNode
      ? []
      : [`${where} imports ${specifier}, but only tests, apps, docs, node.ts and folders named node may use Node.`];
  }
  if (!specifier.startsWith("@tenon/")) return [];
  const name = specifier.split("/", 2).join("/");
  if (name === owner.name) return [`${where} imports its own package: use a relative path.`];
  if (isShipped && !mayImport(owner, name)) return [`${where} imports ${name}: ${wrongWay(owner, name)}`];
  if (name in owner.dependencies || (!isShipped && name in owner.devDependencies)) return [];
  return [
    `${where} imports ${name}, which ${owner.folder}/package.json does not list among its ${isShipped ? "dependencies" : "devDependencies"}.`,
  ];
}

function wrongWay({ folder }, name) {
  if (name.startsWith("@tenon/backend-"))
    return `a part of a model never names a backend, it takes the one that its tensors carry.`;
  return `${shortName(folder)} may not (see the table in scripts/imports.mjs).`;
}

function checkCycles(packages, files) {
  const byName = new Map(packages.map((one) => [one.name, one]));
  const needs = ({ dependencies, devDependencies }) =>
    Object.keys({ ...dependencies, ...devDependencies }).filter((name) => byName.has(name));
  const packageGraph = new Map(packages.map((one) => [one.name, needs(one)]));
  const fileGraph = new Map(
    files.map(({ path, imports }) => [path, imports.filter((each) => each.atLoad).map((each) => each.target)]),
  );
  return [
    ...findCycles(packageGraph).map((cycle) => `Packages depend on each other in a circle: ${cycle.join(" → ")}.`),
    ...findCycles(fileGraph).map((cycle) => `Files import each other in a circle: ${cycle.join(" → ")}.`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkImports(fileURLToPath(new URL("..", import.meta.url)));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
