// Installs the packed packages as a user would, outside of this repository, and runs what their READMEs say.
//
//   npm run test:install                              all of it
//   npm run test:install -- --only=npm,types          some groups: npm, pnpm, bun, deno, runtimes, types, pages, copies,
//                                                     start
//   npm run test:install -- --write                   all of it, and writes docs/supported-runtimes.md when all is right
//
//   1. npm, pnpm, bun and deno install each package alone, by the line that its README gives, and all of them together, from a local registry
//      into empty folders; then the README's first example runs on the Node of this repository, and prints what the README says.
//   2. What npm installed runs so on Node 20 to 26, Bun and Deno.
//   3. A strict TypeScript project that imports every entry point, and holds those examples, compiles with each TypeScript.
//   4. In Chromium the examples run in a page that Vite built, and in a page without a build, with an import map.
//   5. Two versions of @tenon/tensor, or of @tenon/nn, in one program are told apart by one clear error.
//   6. The projects of docs/start.md, literally: each command, each file, what it prints, and the page in Chromium.
//
// It needs a network: what Tenon depends on, and the tools, come from the registry that npm is set up with. It exits with 1 when anything
// is wrong.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, availableParallelism, tmpdir, type } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { checkCopies } from "./install/copies.mjs";
import { runInstalled, writeExample } from "./install/examples.mjs";
import { buildPages, openBrowser, plainPages } from "./install/pages.mjs";
import { denoHome, makeProject, outside, packageManagers, run } from "./install/project.mjs";
import { readmeExample } from "./install/readme.mjs";
import { startRegistry } from "./install/registry.mjs";
import { Report } from "./install/report.mjs";
import { runtimesPage } from "./install/runtimes-page.mjs";
import { doProject, sortOnPage, startProjects } from "./install/start.mjs";
import { checkTypes, compilers, makeTypesProject } from "./install/types.mjs";
import { packAll } from "./packages/pack.mjs";
import { obtain, runtimes } from "./runtimes/programs.mjs";

const { values } = parseArgs({ options: { only: { type: "string" }, write: { type: "boolean", default: false } } });
const root = fileURLToPath(new URL("..", import.meta.url));
const { packageManager, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const groups = values.only?.split(",");
const wants = (...names) => groups === undefined || names.some((name) => groups.includes(name));
const vite = "vite@8.3.8";

const work = mkdtempSync(join(tmpdir(), "tenon-install-"));
const report = new Report();
const packed = packAll(root, join(work, "packed"));
const examples = packed.map(readmeExample);
const upstream = (await run("npm", ["config", "get", "registry"], { cwd: work, shell: process.platform === "win32" }))
  .trim()
  .replace(/\/$/, "");
const registry = await startRegistry(packed, upstream);
const program = (name) =>
  obtain(
    root,
    runtimes.find((one) => one.name === name),
  );
const managersAt = (url) =>
  packageManagers({ work, registry: url, pnpmVersion: packageManager, bun: program("Bun"), deno: program("Deno") });
const managers = managersAt(registry.url);
const alone = (manager, { name }) => join(work, manager, name.split("/")[1]);

try {
  for (const manager of ["npm", "pnpm", "bun"])
    if (wants(manager) || (manager === "npm" && wants("runtimes"))) await installEach(manager);
  for (const manager of Object.keys(managers)) if (wants(manager)) await installTogether(manager);
  if (wants("runtimes")) for (const runtime of runtimes) await runOn(runtime);
  if (wants("types")) await compile();
  if (wants("pages")) await openPages();
  if (wants("copies")) await checkCopies({ report, folder: join(work, "copies"), packed, upstream, managersAt });
  if (wants("start")) await start();
  const { problems } = report;
  if (problems.length > 0) console.error(`\n${problems.length} wrong:\n\n${problems.join("\n\n")}`);
  else if (values.write && groups === undefined) await writePage();
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  registry.close();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}

async function writePage() {
  const version = async (name, args) =>
    (await run(name, args, { cwd: root, shell: process.platform === "win32" })).trim();
  const versions = {
    npm: await version("npm", ["--version"]),
    pnpm: packageManager.split("@")[1],
    ...Object.fromEntries(
      ["Bun", "Deno"].map((name) => [name.toLowerCase(), runtimes.find((one) => one.name === name).version]),
    ),
  };
  const machine = `${type()} on ${arch()}, ${availableParallelism()} cores`;
  const text = runtimesPage(report.rows, { packages: packed.length, versions, machine });
  const path = join(root, "docs/supported-runtimes.md");
  writeFileSync(path, text);
  await run(process.execPath, [join(root, "node_modules/oxfmt/bin/oxfmt"), path], { cwd: root });
}

/** Each package into a folder of its own. */
async function installEach(manager) {
  for (const example of examples) {
    await report.check(manager, example.name, async () => {
      const folder = makeProject(alone(manager, example), registry.url, settings(manager));
      await managers[manager](folder, example.install);
      await writeExample(folder, example);
      await runInstalled(folder, example);
      if (manager !== "npm") rmSync(folder, { recursive: true }); // the other runtimes run what npm installed
      return example.install.join(" ");
    });
  }
}

/** Without this pnpm ends with an error, as the README of @tenon/backend-gpujs says. */
function settings(manager) {
  return manager === "pnpm" ? { "pnpm-workspace.yaml": "allowBuilds:\n  gl: false\n  webgpu: false\n" } : {};
}

/** All packages into one folder; for deno those that ask for nobody else's, since it neither runs nor passes over the scripts of gpu.js. */
async function installTogether(manager) {
  const onlyTenon = ({ install }) => install.every((name) => name.startsWith("@tenon/"));
  const some = manager === "deno" ? examples.filter(onlyTenon) : examples;
  await report.check(manager, `${some.length} packages together`, async () => {
    const folder = makeProject(join(work, manager, "together"), registry.url, settings(manager));
    await managers[manager](folder, [...new Set(some.flatMap(({ install }) => install))]);
    for (const example of some) {
      await writeExample(folder, example);
      await runInstalled(folder, example, manager === "deno" ? onDeno() : undefined);
    }
    return "";
  });
}

/** What Deno installed it runs itself, and looks up where it keeps it. */
function onDeno() {
  const { args } = runtimes.find(({ name }) => name === "Deno");
  return { program: program("Deno"), args, env: outside(denoHome(work)) };
}

async function runOn(runtime) {
  await report.check("runtimes", `${runtime.name} (${runtime.version})`, async () => {
    const how = {
      program: obtain(root, runtime),
      args: runtime.args,
      file: runtime.name === "Node 20" ? "example.js" : "example.ts",
    };
    for (const example of examples) await runInstalled(alone("npm", example), example, how);
    if (!runtime.name.startsWith("Node")) return `${examples.length} examples`;
    // What CommonJS gets. Node 20 warns that this is new, and the line of a warning is no line of the program.
    const code = 'console.log(typeof require("@tenon/nn").Linear)';
    const said = await run(how.program, ["--input-type=commonjs", "--eval", code], {
      cwd: alone("npm", { name: "@tenon/nn" }),
    });
    if (said.trim() !== "function") throw new Error(`require("@tenon/nn") gives no Linear: ${said}`);
    return `${examples.length} examples; \`require\``;
  });
}

async function compile() {
  const folder = join(work, "types");
  const peers = [`vitest@${devDependencies.vitest}`, "gpu.js@2.24.1", `@types/node@${devDependencies["@types/node"]}`];
  const made = await report.check("types", "a project with everything", async () => {
    const count = await makeTypesProject(folder, registry.url, managers.npm, packed, examples, peers);
    return `${count} entry points`;
  });
  if (!made) return;
  for (const [name, version] of Object.entries(compilers))
    await report.check("types", `${name} (${version})`, () => checkTypes(folder, version));
}

async function start() {
  const browser = await openBrowser(root);
  const visit = (address) => browser.withPage((page) => sortOnPage(page, address));
  try {
    for (const project of startProjects(root))
      await report.check("start", project.title, async () => {
        const folder = join(work, "start", project.title);
        const how = { root, folder, registry: registry.url, cache: join(work, "npm-start"), visit };
        const took = await doProject(project, how);
        return took
          .filter(({ seconds }) => seconds >= 1)
          .map(
            ({ command, seconds }) =>
              `\`${command.slice(0, 30)}${command.length > 30 ? "…" : ""}\` ${seconds.toFixed(0)} s`,
          )
          .join(", ");
      });
  } finally {
    await browser.close();
  }
}

async function openPages() {
  const project = makeProject(join(work, "pages"), registry.url);
  const forPage = examples.filter(({ forNode }) => !forNode);
  const browser = await openBrowser(root);
  try {
    const installed = await report.check("pages", `a project with ${vite}`, () =>
      managers.npm(project, [...new Set([...forPage.flatMap(({ install }) => install), vite])]).then(() => ""),
    );
    if (!installed) return;
    await report.check("pages", `a build by ${vite}`, async () => {
      const pages = await buildPages(project, forPage);
      for (const example of forPage) await browser.visit(pages, example);
      return `Chromium ${browser.version}, ${forPage.length} examples`;
    });
    // gpu.js is no ES module: it wants a bundler.
    const modules = forPage.filter(({ install }) => !install.some((name) => name.startsWith("gpu.js")));
    await report.check("pages", "an import map, no build", async () => {
      const pages = await plainPages(project, modules);
      for (const example of modules) await browser.visit(pages, example);
      return `Chromium ${browser.version}, ${modules.length} examples`;
    });
  } finally {
    await browser.close();
  }
}
