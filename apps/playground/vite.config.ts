import { readFileSync } from "node:fs";

import { defineConfig, type UserConfig } from "vite";

/**
 * What a host should send with every file, from the file that some hosts read themselves: what makes a page cross-origin isolated, so that WebAssembly
 * may have threads, and what has the browser see to it that nothing is sent anywhere. (gpu.js makes functions from text, `unsafe-eval`, and workers, `blob:`.)
 */
const headers = Object.fromEntries(
  [...readFileSync(new URL("public/_headers", import.meta.url), "utf8").matchAll(/^ +([\w-]+): (.*)$/gm)].map(
    ([, name, value]) => [name!, value!],
  ),
);
// Vite's own page for development talks to its server by an inline script.
const { "Content-Security-Policy": _, ...isolated } = headers;

const config: UserConfig = defineConfig({
  // The folder works wherever it is put.
  base: "./",
  // What is not there is answered by 404, as other hosts do: where one is in the page stands behind the #.
  appType: "mpa",
  // The packages are bundled from their sources, so nothing has to be built before.
  resolve: { conditions: ["@tenon/source", "module", "browser", "development|production"] },
  worker: { format: "es" },
  // The files that sources of other packages name by their URL: workers, and the models that come with the command line.
  server: { headers: isolated, fs: { allow: ["../.."] } },
  preview: { headers },
  build: {
    target: "es2023",
    chunkSizeWarningLimit: 700,
    assetsInlineLimit: 0,
    // A slow machine is no news.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});

export default config;
