// Checks the packages' types as somebody's project would, in strict mode and without skipping libraries.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { makeProject, run } from "./project.mjs";

/** Each version under a name of its own, so that one project has them all. */
export const compilers = { "TypeScript 5.9": "5.9.3", "TypeScript 6.0": "6.0.3", "TypeScript 7.0": "7.0.2" };
const nameOf = (version) => `typescript-${version}`;

const options = { strict: true, skipLibCheck: false, noEmit: true, target: "es2022" };
/** How projects are set up, and what each imports. */
const setups = {
  "Node, nodenext": { module: "nodenext", types: ["node"], include: ["all"] },
  // A page's project: no types of Node, and `using` among the library's.
  "a page, bundler": {
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2023", "dom", "esnext.disposable"],
    types: [],
    include: ["page"],
  },
  "a page, skipLibCheck": {
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2022", "dom"],
    types: [],
    skipLibCheck: true,
    include: ["page"],
  },
};

/** A project that imports every entry point, and holds the examples of all READMEs. */
export async function makeTypesProject(folder, registry, install, packed, examples, peers) {
  const entries = packed.flatMap(({ name, manifest }) =>
    Object.keys(manifest.exports)
      .filter((entry) => entry !== "./package.json")
      .map((entry) => name + entry.slice(1)),
  );
  const importAll = (list) => list.map((entry, i) => `export * as m${i} from "${entry}";\n`).join("");
  // A test kit with vitest, and a kit of gpu.js, bring the types of these along.
  const forPage = entries.filter((entry) => !/\/node$|backend-testkit$|\/reporter$|backend-gpujs/.test(entry));
  makeProject(folder, registry, {
    "all/entries.ts": importAll(entries),
    "page/entries.ts": importAll(forPage),
    ...Object.fromEntries(examples.map(({ name, code }) => [`all/${name.split("/")[1]}.ts`, code])),
  });
  const aliases = Object.values(compilers).map((version) => `${nameOf(version)}@npm:typescript@${version}`);
  await install(folder, [...packed.map(({ name }) => name), ...peers, ...aliases]);
  return entries.length;
}

/** Runs a compiler in such a project; throws with what it says. */
export async function checkTypes(folder, version) {
  for (const { include, ...own } of Object.values(setups)) {
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...options, ...own }, include }));
    await run(process.execPath, [join(folder, "node_modules", nameOf(version), "bin/tsc"), "-p", folder], {
      cwd: folder,
    });
  }
  return Object.keys(setups).join("; ");
}
