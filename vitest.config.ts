import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  // `@tenon/source` lets a test import another package's source: no build comes before the tests.
  resolve: { conditions: ["@tenon/source", "module", "browser", "development|production"] },
  ssr: { resolve: { conditions: ["@tenon/source", "module", "node", "development|production"] } },
  test: {
    // A slow machine is no failure.
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include: [
            "packages/*/src/**/*.test.ts",
            "apps/*/src/**/*.test.ts",
            "docs/examples/*.test.ts",
            "scripts/*.test.mjs",
          ],
        },
      },
    ],
  },
});

export default config;
