import { defineConfig, type ViteUserConfig } from "vitest/config";

/** All tests of the page: `npm run test:playground`. */
const config: ViteUserConfig = defineConfig({
  // Some tests make a model to open on the page, or compare with what Node computes.
  ssr: { resolve: { conditions: ["@tenon/source", "module", "node", "development|production"] } },
  test: {
    name: "playground",
    root: import.meta.dirname,
    include: ["*.e2e.ts"],
    globalSetup: ["rig/setup.mjs"],
    // One after the other: some measure how fast the page answers.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});

export default config;
