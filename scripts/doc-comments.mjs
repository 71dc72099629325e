// Checks the doc comments of all packages, and runs their examples and those of the READMEs.
//
//   1. Every function and class that can be imported has a doc comment.
//   2. `@example` is followed by a fence of TypeScript. It runs, and prints what the comment beside each console.log says. A doc comment's
//      needs no imports: its own package's names are there, then those of tensor, then all others; a README's imports what it uses.
//      What cannot run is marked ```ts fragment, and listed below with the reason.
//   3. The comment of an op's function says its shapes, has a line that begins with "Gradient:", and an example.
//
// `node_modules/.bin/node scripts/doc-comments.mjs [path …]` prints each violation, or those below the paths, and exits with 1 when
// there is one.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { readDeclarations } from "./doc-comments/declarations.mjs";
import { entryPoints, exportedNames, readmesOf, sourcesOf } from "./doc-comments/public-names.mjs";
import { runExample } from "./doc-comments/run-example.mjs";

/** The only code that does not run, by file and name, with the reason. */
const fragments = {
  "packages/backend-testkit/README.md": "declares tests for a runner",
  "packages/backend-testkit/src/components/test-component.ts testComponent": "declares tests for a runner",
  "packages/backend-testkit/src/node/reporter.ts TestkitReporter": "configures a runner of tests",
  "packages/backend-testkit/src/test-backend.ts testBackend": "declares tests for a runner",
  "packages/tensor/README.md": "shows the outline of a backend, most of it left out",
};

/**
 * What is wrong with the comments themselves, one sentence each, and the code to run, as `{ path, line, name, code, owner, isPublic }`:
 * `name` is that of the declaration that the comment is on, and `owner` the package.
 */
export function readExamples(root, entries, allowed = fragments) {
  const examples = [];
  const problems = [];
  const unused = new Set(Object.keys(allowed));
  const take = (where, fences) => {
    const key = [where.path, where.name].filter(Boolean).join(" ");
    for (const { code, line, language } of fences) {
      if (language === "ts fragment") unused.delete(key);
      if (language !== "ts fragment") examples.push({ ...where, line, code });
      else if (!(key in allowed))
        problems.push(
          `${where.path}:${line} ${where.name} has a fragment, which scripts/doc-comments.mjs does not list.`,
        );
    }
  };
  const exported = publicNames(root, entries);
  for (const { path, owner } of sourcesOf(root, entries)) {
    const names = exported.get(path) ?? new Set();
    const { declarations, comments } = readDeclarations(root, path);
    problems.push(...declarations.filter(({ name }) => names.has(name)).flatMap((one) => checkDeclaration(path, one)));
    for (const { bare, fences, name } of comments) {
      problems.push(...bare.map((line) => `${path}:${line} ${name} has an @example that no fence of ts follows.`));
      take({ path, name, owner, isPublic: names.has(name) }, fences);
    }
  }
  for (const { path, owner, fences } of readmesOf(root, entries))
    take({ path, name: "", owner, isPublic: true }, fences);
  problems.push(...[...unused].map((key) => `scripts/doc-comments.mjs lists a fragment of ${key}, which has none.`));
  return { examples, problems };
}

/** The names that can be imported, as they are declared: path → names. */
function publicNames(root, entries) {
  const names = new Map();
  for (const { file, local } of entries.flatMap(({ path }) => exportedNames(root, path))) {
    names.set(file, (names.get(file) ?? new Set()).add(local));
  }
  return names;
}

function checkDeclaration(path, { name, kind, line, comment }) {
  if (kind === "other") return [];
  const where = `${path}:${line} ${name}`;
  if (comment === undefined) return [`${where} has no doc comment.`];
  if (kind === "class" || !path.startsWith("packages/tensor/src/ops/")) return [];
  const { prose, fences } = comment;
  return [
    ...(/\[[^\]\n]*\]|\bshapes?\b|\bbroadcast/i.test(prose) ? [] : [`${where} says nothing of its shapes.`]),
    ...(/^Gradient: ./m.test(prose) ? [] : [`${where} has no line that begins with "Gradient:".`]),
    ...(fences.length > 0 ? [] : [`${where} has no example.`]),
  ];
}

/** Imports the entry points from source: their modules by name, and one sentence for each that cannot be imported. */
export async function importPackages(root, entries) {
  const modules = new Map();
  const problems = [];
  for (const { specifier, path } of entries) {
    try {
      modules.set(specifier, await importFile(root, path));
    } catch (error) {
      problems.push(`${path} cannot be imported: ${String(error).replaceAll(/\s*\n\s*/g, " ")}`);
    }
  }
  return { modules, problems };
}

const importFile = (root, path) => import(/* @vite-ignore */ pathToFileURL(join(root, path)).href);

/** Runs an example and says what is wrong, one sentence each. */
export async function checkExample(root, entries, modules, { path, line, name, code, owner, isPublic }) {
  const namesOf = (list) => Object.assign({}, ...list.map(({ specifier }) => modules.get(specifier)));
  const names = {
    ...namesOf(entries),
    ...modules.get("@tenon/tensor"),
    ...namesOf(entries.filter((one) => one.owner === owner)),
    // What is not public may use what lies in the same file.
    ...(isPublic ? {} : await importFile(root, path).catch(() => ({}))),
  };
  const used = Object.entries(names).filter(([each]) => new RegExp(`\\b${each}\\b`).test(code));
  const { resolve } = createRequire(join(root, path));
  const importModule = async (specifier) => {
    if (specifier.startsWith("node:")) return import(/* @vite-ignore */ specifier);
    return modules.get(specifier) ?? (await import(/* @vite-ignore */ pathToFileURL(resolve(specifier)).href));
  };
  const problems = await inEmptyFolder(() =>
    runExample(code, importModule, path.endsWith(".md") ? {} : Object.fromEntries(used)),
  );
  return problems.map((problem) => `${path}:${line} ${name ? `the example of ${name}` : "this code"} ${problem}.`);
}

/** Some examples write files. */
async function inEmptyFolder(body) {
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "tenon-example-"));
  process.chdir(folder);
  try {
    return await body();
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  }
}

/** Every violation in the workspace at `root`. */
export async function checkDocComments(root, allowed = fragments) {
  const entries = entryPoints(root);
  const { examples, problems } = readExamples(root, entries, allowed);
  const packages = await importPackages(root, entries);
  const found = [...problems, ...packages.problems];
  for (const example of examples) found.push(...(await checkExample(root, entries, packages.modules, example)));
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ["@tenon/source", ...context.conditions] }),
  });
  const paths = process.argv.slice(2);
  const all = await checkDocComments(fileURLToPath(new URL("..", import.meta.url)));
  const problems = all.filter((problem) => paths.length === 0 || paths.some((path) => problem.startsWith(path)));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
