import { defineConfig, type UserConfig } from "vite";

/** What makes a page cross-origin isolated, so that WebAssembly may have threads. A host that does not send it gets one thread. */
const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

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
  preview: { headers: isolated },
  build: {
    target: "es2023",
    chunkSizeWarningLimit: 700,
    assetsInlineLimit: 0,
    // A slow machine is no news.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});

export default config;
