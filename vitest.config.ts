import { fileURLToPath } from "node:url";

import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from "vitest/config";

import { downloadedChromium, findChromium, type Chromium } from "./scripts/browser/chromium.mjs";

const config: ViteUserConfig = defineConfig({
  // `@tenon/source` lets a test import another package's source: no build comes before the tests.
  resolve: { conditions: ["@tenon/source", "module", "browser", "development|production"] },
  ssr: { resolve: { conditions: ["@tenon/source", "module", "node", "development|production"] } },
  test: {
    // A slow machine is no failure.
    testTimeout: 60_000,
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
      ...browserProjects(),
    ],
  },
});

/** The tests in a page of Chromium; none where there is no Chromium, unless this is continuous integration, which sets CI. */
function browserProjects(): TestProjectInlineConfiguration[] {
  const root = fileURLToPath(new URL(".", import.meta.url));
  const chromium = findChromium(root, { download: false });
  const { CI, VITEST } = process.env;
  // In CI, scripts/browser/setup.mjs downloads one when it is needed. The linter, which reads this file too, sees the same everywhere.
  if (chromium !== undefined || CI || !VITEST)
    return [browserProject(chromium ?? downloadedChromium(root)), playgroundProject()];
  if (!/ --project[= ]node\b/.test(process.argv.join(" ")))
    console.warn(
      "No Chromium was found, so the tests in a browser are left out. `npm run test:browser` or `CI=1 npm test` gets one; " +
        "CHROMIUM_PATH names the program of another.",
    );
  return [];
}

function browserProject({ program, env }: Chromium): TestProjectInlineConfiguration {
  return {
    extends: true,
    // What makes a page cross-origin isolated: threads need it.
    server: {
      headers: { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" },
    },
    // Vite bundles what the tests import before they run, and finds CommonJS packages such as gpu.js by itself. One that it overlooked, as
    // an `import()` with a variable would be, goes into `optimizeDeps: { include: […] }` here, and into the root's devDependencies, where
    // the name is looked up.
    test: {
      name: "browser",
      // The processor imitates a graphics device, and compiles its shaders slowly.
      testTimeout: 120_000,
      include: ["packages/*/src/**/*.browser.ts"],
      globalSetup: ["scripts/browser/setup.mjs"],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        instances: [{ browser: "chromium" }],
        provider: playwright({
          launchOptions: {
            executablePath: program,
            env,
            args: ["--enable-unsafe-webgpu"], // beside what Playwright gives every browser, --no-sandbox among it
          },
        }),
      },
    },
  };
}

/** The built playground opened in Chromium. What a visitor does there takes longer, and is `npm run test:playground`. */
function playgroundProject(): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name: "playground",
      include: ["apps/playground/e2e/smoke.e2e.ts"],
      globalSetup: ["apps/playground/e2e/rig/setup.mjs"],
    },
  };
}

export default config;
