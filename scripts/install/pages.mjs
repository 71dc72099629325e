// Runs the examples of READMEs in Chromium: in a page that Vite built, and in one without a build, with an import map.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { chromium } from "playwright";

import { findChromium } from "../browser/chromium.mjs";
import { serve } from "../browser/serve.mjs";
import { asJavaScript, expectWords } from "./examples.mjs";
import { importMap } from "./import-map.mjs";
import { run } from "./project.mjs";

/** What a page with threads needs. */
const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** Runs the example that the address names and remembers what it prints, as words: a page has no inspector to format values. */
const script = (imports) => `
const show = (value) => {
  if (typeof value !== "object" || value === null) return String(value);
  const items = Array.isArray(value) || ArrayBuffer.isView(value) ? [...value] : Object.entries(value).flat();
  const name = ArrayBuffer.isView(value) ? value.constructor.name + " " + value.length : "";
  return [name, ...items.map(show)].join(" ");
};
const printed = [];
console.log = (...values) => void printed.push(values.map(show).join(" "));
const examples = { ${imports} };
try {
  await examples[new URLSearchParams(location.search).get("example")]();
  globalThis.outcome = { printed: printed.join(" ") };
} catch (error) {
  globalThis.outcome = { error: String(error?.stack ?? error) };
}`;

const fileOf = ({ name }) => name.split("/")[1];

/** A build by the Vite that is installed in the project. Gives what to serve. */
export async function buildPages(project, examples) {
  const imports = examples.map((one) => `"${one.name}": () => import("./${fileOf(one)}.ts")`).join(", ");
  writeFileSync(join(project, "main.js"), script(imports));
  writeFileSync(join(project, "index.html"), `<!doctype html><script type="module" src="/main.js"></script>`);
  for (const one of examples) writeFileSync(join(project, `${fileOf(one)}.ts`), one.code);
  await run(process.execPath, [join(project, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
    cwd: project,
  });
  return { "/assets/": join(project, "dist/assets"), "/": readFileSync(join(project, "dist/index.html")) };
}

/** Plain modules, with no build. Gives what to serve. */
export async function plainPages(project, examples) {
  const imports = examples.map((one) => `"${one.name}": () => import("/${fileOf(one)}.js")`).join(", ");
  const map = JSON.stringify(importMap(project));
  const files = {};
  for (const one of examples) files[`/${fileOf(one)}.js`] = await asJavaScript(one);
  return {
    ...files,
    "/node_modules/": join(project, "node_modules"),
    "/": `<!doctype html><script type="importmap">${map}</script><script type="module">${script(imports)}</script>`,
  };
}

/** Opens a browser; `visit` serves pages to it and runs examples there, one after the other, each in a page of its own. */
export async function openBrowser(root) {
  const { program, env } = findChromium(root);
  const browser = await chromium.launch({ executablePath: program, env, args: ["--enable-unsafe-webgpu"] });
  const visit = async (pages, { name, prints }) => {
    const server = await serve(
      pages,
      () => isolated,
      () => {},
    );
    const page = await browser.newPage();
    try {
      const errors = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(`http://127.0.0.1:${server.port}/?example=${encodeURIComponent(name)}`);
      await page.waitForFunction("globalThis.outcome", undefined, { timeout: 60_000 }).catch((error) => {
        throw new Error(errors.join("\n") || error.message);
      });
      const { printed, error } = await page.evaluate("globalThis.outcome");
      if (error !== undefined) throw new Error(`${name}: ${error}`);
      expectWords(name, printed, prints);
    } finally {
      await page.close();
      server.close();
    }
  };
  const withPage = async (use) => {
    const page = await browser.newPage();
    await use(page).finally(() => page.close());
  };
  return { version: browser.version(), visit, withPage, close: () => browser.close() };
}
