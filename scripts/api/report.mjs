// Writes the public surface of a package as text: the same text for the same surface, wherever its files lie.
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { Declarations } from "./declarations.mjs";
import { withDeclarations } from "./emit.mjs";

/** The report of each package, `{ folder, text }`. */
export function apiReports(root, packages) {
  return withDeclarations(
    root,
    packages.map(({ folder }) => folder),
    (out) => {
      const declarations = new Declarations(out);
      return packages.map(({ folder, name }) => ({
        folder,
        text: report(name, publishedEntries(root, folder), declarations),
      }));
    },
  );
}

/** The entry points that users have, without those for tests of this repository: `[["@tenon/nn", "nn/src/index.d.ts"], …]`. */
function publishedEntries(root, folder) {
  const { name, exports, publishConfig } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  return Object.keys(publishConfig.exports)
    .filter((entry) => entry !== "./package.json")
    .map((entry) => {
      const source = posix.join(folder, exports[entry]["@tenon/source"]);
      return [posix.join(name, entry), source.replace(/^packages\//, "").replace(/\.ts$/, ".d.ts")];
    });
}

function report(name, entries, declarations) {
  const places = new Map(); // where it is public, by file and name
  const reached = new Map();
  const used = new Map(); // the names of other packages, by package
  const blocks = [];

  // Of a file that is imported whole, every name.
  const allOf = (place) =>
    place.namespace === undefined ? [place] : [...declarations.exportsOf(place.namespace).values()].flatMap(allOf);
  const describe = (place) => {
    const { text, refers } = declarations.describe(place);
    for (const one of refers.flatMap(allOf)) {
      if (one.from !== undefined) used.set(one.from, (used.get(one.from) ?? new Set()).add(one.local));
      else reached.set(keyOf(one), one);
    }
    return text;
  };
  const section = (title, file) => {
    const lines = [];
    const more = [];
    for (const [exported, place] of [...declarations.exportsOf(file)].sort(byName)) {
      if (place.namespace !== undefined) {
        lines.push(`export * as ${exported}; // below`);
        more.push(() => section(`${title}: ${exported}`, place.namespace));
        continue;
      }
      const before = place.from ?? places.get(keyOf(place));
      const as = place.local === exported ? exported : `${place.local} as ${exported}`;
      if (before !== undefined) lines.push(`export { ${as} }; // as in ${before}`);
      else {
        places.set(keyOf(place), title);
        lines.push(describe(place), ...(as === exported ? [] : [`export { ${as} };`]));
      }
    }
    blocks.push(fence(title, lines));
    for (const each of more) each();
  };
  for (const [specifier, file] of entries) section(specifier, file);

  const hidden = [];
  for (;;) {
    const next = [...reached].find(([key]) => !places.has(key));
    if (next === undefined) break;
    places.set(next[0], "");
    hidden.push([next[1].local, describe(next[1])]);
  }
  if (hidden.length > 0)
    blocks.push(
      fence(
        "Not exported, but part of what is",
        hidden.sort((a, b) => byName(a, b) || byName([a[1]], [b[1]])).map(([, text]) => text),
      ),
    );
  const imports = [...used].sort(byName).flatMap(([from, names]) => importsOf(from, [...names].sort()));
  if (imports.length > 0) blocks.push(fence("Of other packages", imports));
  return `${[`# The public surface of ${name}`, "Written by `npm run api -- --accept`. A test compares it with the sources.", ...blocks].join("\n\n")}\n`;
}

function importsOf(from, names) {
  const whole = names.filter((name) => name.startsWith("*"));
  const single = names.filter((name) => !whole.includes(name));
  const lists = [...whole, ...(single.length > 0 ? [`{ ${single.join(", ")} }`] : [])];
  return lists.map((list) => `import type ${list} from "${from}";`);
}

const keyOf = ({ file, local }) => `${file} ${local}`;
const byName = ([a], [b]) => (a < b ? -1 : a > b ? 1 : 0);
const fence = (title, lines) => [`## ${title}`, "", "```ts", ...lines, "```"].join("\n");
