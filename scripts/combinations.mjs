// Builds every model that parts can be combined to, and tests each as the few are that `npm test` has, on cpu, wasm and gpu.js: 672 models, some minutes.
import { spawnSync } from "node:child_process";

const { status } = spawnSync("node_modules/.bin/vitest", ["run", "--project", "node", "src/combinations"], {
  stdio: "inherit",
  env: { ...process.env, COMBINATIONS: "all" },
});
process.exitCode = status ?? 1;
