// Checks what Tenon costs on a page: bundles the entries of size/entries.mjs from source, minified and tree-shaken, and prints a table.
//
//   1. No bundle is larger than its ceiling, gzipped.
//   2. Nothing is in a bundle that its entry says must not be there.
//   3. What an entry says must not be there exists: a name that was changed would forbid nothing.
//
// `npm run size` prints each violation below the table and exits with 1 when there is one; with `-- --files`, what each file adds.
import { fileURLToPath } from "node:url";

import { bundle } from "./size/bundle.mjs";
import { entries } from "./size/entries.mjs";
import { readNames } from "./size/names.mjs";

/** Bundles each entry; returns the sizes and every violation, one sentence each. */
export async function checkSizes(root, list = entries) {
  const known = readNames(root);
  const results = [];
  for (const entry of list) {
    const { minified, gzipped, files, text } = await bundle(root, entry);
    const here = (sentence) => `${entry.name}: ${sentence}`;
    const problems = [
      ...(gzipped > entry.ceiling
        ? [`${gzipped} bytes gzipped, ${gzipped - entry.ceiling} more than its ceiling of ${entry.ceiling}.`]
        : []),
      ...entry.absent.modules.flatMap((name) => checkModule(name, known, files)),
      ...entry.absent.ops.flatMap((name) => checkOp(name, known, text)),
      ...(entry.absent.text ?? [])
        .filter((each) => text.includes(each))
        .map((each) => `"${each}" is in it, and must not be.`),
    ].map(here);
    results.push({ entry, minified, gzipped, files, problems });
  }
  return results;
}

function checkModule(name, known, files) {
  if (!known.modules.has(name)) return [`forbids the module ${name}, but no file or folder of a package is named so.`];
  const found = files.filter(({ modules }) => modules.includes(name));
  return found.map(({ path, bytes }) => `${path} adds ${bytes} bytes, but ${name} must not be in it.`);
}

function checkOp(name, known, text) {
  if (!known.ops.has(name)) return [`forbids the op ${name}, but no op is named so.`];
  // Minifiers rename variables, but neither properties nor strings.
  return [`"`, `'`, "`"].some((quote) => text.includes(`name:${quote}${name}${quote}`))
    ? [`the op ${name} is in it, and must not be.`]
    : [];
}

function table(results) {
  const rows = results.map(({ entry, minified, gzipped }) => [entry.name, minified, gzipped, entry.ceiling]);
  const width = Math.max(...rows.map(([name]) => name.length));
  const line = ([name, ...sizes]) => [name.padEnd(width), ...sizes.map((size) => `${size}`.padStart(9))].join(" ");
  return [["bytes", "minified", "gzipped", "ceiling"], ...rows].map(line).join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = await checkSizes(fileURLToPath(new URL("..", import.meta.url)));
  console.log(table(results));
  if (process.argv.includes("--files")) {
    for (const { entry, files } of results) {
      console.log(`\n${entry.name}`);
      for (const { path, bytes } of files) console.log(`${`${bytes}`.padStart(6)} ${path}`);
    }
  }
  const problems = results.flatMap((result) => result.problems);
  if (problems.length > 0) console.error(`\n${problems.join("\n")}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
