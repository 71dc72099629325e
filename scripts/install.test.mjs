// A small part of `npm run test:install`, which needs no network: two packages are built, packed, served, installed by npm, and used.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { runInstalled, writeExample } from "./install/examples.mjs";
import { importMap } from "./install/import-map.mjs";
import { makeProject, outside, run } from "./install/project.mjs";
import { readmeExample, words } from "./install/readme.mjs";
import { startRegistry } from "./install/registry.mjs";
import { packAll, pnpm, publishable } from "./packages/pack.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "tenon-install-test-"));
let packed;
let registry;

beforeAll(async () => {
  pnpm(root, ["exec", "turbo", "run", "build", "--filter=@tenon/nn"], {
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  });
  const list = publishable(root).filter(({ name }) => ["@tenon/tensor", "@tenon/nn"].includes(name));
  packed = packAll(root, join(work, "packed"), list);
  registry = await startRegistry(packed);
}, 120_000);
afterAll(() => {
  registry?.close();
  rmSync(work, { recursive: true });
});

function install(folder, what) {
  const env = outside({ npm_config_cache: join(work, "cache"), npm_config_update_notifier: "false" });
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", ...what];
  return run("npm", args, { cwd: folder, env, shell: process.platform === "win32" });
}

test("what a README says to install and to run prints what it says, in an empty folder", async () => {
  const example = readmeExample(packed.find(({ name }) => name === "@tenon/nn"));
  expect(example.install).toEqual(["@tenon/nn", "@tenon/tensor"]);
  const folder = makeProject(join(work, "somebody"), registry.url);
  await install(folder, example.install);
  await writeExample(folder, example);
  for (const file of ["example.ts", "example.js"]) await runInstalled(folder, example, { file });
  await expect(runInstalled(folder, { ...example, prints: ["something else"] })).rejects.toThrow(
    "@tenon/nn prints linear.weight linear.bias 1 2 inner, where its README says something else",
  );
  expect(importMap(folder)).toEqual({
    imports: {
      "@tenon/nn": "/node_modules/@tenon/nn/dist/index.js",
      "@tenon/nn/package.json": "/node_modules/@tenon/nn/package.json",
      "@tenon/tensor": "/node_modules/@tenon/tensor/dist/index.js",
      "@tenon/tensor/package.json": "/node_modules/@tenon/tensor/package.json",
      "@tenon/tensor/testing": "/node_modules/@tenon/tensor/dist/testing/index.js",
    },
    scopes: {},
  });
});

test("what is not there is not installed", async () => {
  const folder = makeProject(join(work, "nobody"), registry.url);
  await expect(install(folder, ["@tenon/nothing"])).rejects.toThrow(/E404/);
});

test("words are what runtimes agree on", () => {
  expect(words(`Float32Array(2) [ 1.5, -2 ] { a: "b" }`)).toEqual(["Float32Array", "2", "1.5", "-2", "a", "b"]);
});
