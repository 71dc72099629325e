// Where a page finds the built packages: an import map for plain modules, and a build by Vite.
import { readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { build } from "esbuild";

const names = ["tensor", "nn", "checkpoint", "backend-testkit", "backend-wasm"];

/** The file of each name that can be imported, from the root: `{ "@tenon/tensor": "packages/tensor/dist/index.js", … }`. */
function entries(root) {
  const all = {};
  for (const name of names) {
    const { exports } = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
    for (const [path, conditions] of Object.entries(exports))
      if (conditions.default !== undefined)
        all[`@tenon/${name}${path.slice(1)}`] = join("packages", name, conditions.default);
  }
  return all;
}

/** What {@link serve} serves for the packages as they are, in plain modules. */
export async function plainPages(root) {
  const imports = Object.fromEntries(Object.entries(entries(root)).map(([name, file]) => [name, `/${file}`]));
  const bundled = await build({
    stdin: { contents: `export * from "fast-check";`, resolveDir: join(root, "packages/backend-testkit") },
    bundle: true,
    format: "esm",
    write: false,
  });
  const map = JSON.stringify({ imports: { ...imports, "fast-check": "/fast-check.js" } });
  return {
    "/packages/": join(root, "packages"),
    "/fast-check.js": bundled.outputFiles[0].text,
    "/conformance.js": readFileSync(join(root, "scripts/browser/conformance.js")),
    "/": `<!doctype html><script type="importmap">${map}</script><script type="module" src="/conformance.js"></script>`,
  };
}

/** What {@link serve} serves for a page that Vite built. With `?worker`, all of it runs in a worker of that page. */
export async function vitePages(root) {
  const vitest = createRequire(join(root, "package.json")).resolve("vitest/package.json");
  const vite = await import(pathToFileURL(createRequire(vitest).resolve("vite")));
  const folder = join(root, "node_modules/.cache/tenon-browser");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "app"), { recursive: true });
  const script = join(root, "scripts/browser/conformance.js");
  writeFileSync(join(folder, "app/conformance.js"), readFileSync(script));
  writeFileSync(
    join(folder, "app/main.js"),
    `const query = new URLSearchParams(location.search);
    if (query.has("worker"))
      new Worker(new URL("./conformance.js", import.meta.url), { type: "module", name: query.get("what") });
    else import("./conformance.js");`,
  );
  writeFileSync(join(folder, "app/index.html"), `<!doctype html><script type="module" src="./main.js"></script>`);
  // The longest names first, since an alias is a beginning.
  const alias = Object.entries(entries(root)).map(([find, file]) => ({ find, replacement: join(root, file) }));
  await vite.build({
    configFile: false,
    root: join(folder, "app"),
    logLevel: "error",
    resolve: {
      alias: alias
        .sort((a, b) => b.find.length - a.find.length)
        .map((one) => ({ ...one, find: new RegExp(`^${one.find}$`) })),
    },
    build: { outDir: join(folder, "site"), target: "es2023" },
  });
  return { "/assets/": join(folder, "site/assets"), "/": readFileSync(join(folder, "site/index.html")) };
}
