// Runs the backend testkit on the built WASM backend in headless Chromium, on pages of every kind that matters.
//
//   npm run test:browser                             everything
//   npm run test:browser -- --groups=ops,models      some groups of tests
//
// It uses the Chromium that is installed or that CHROMIUM_PATH names; else it gets one from the npm registry. It exits with 1 when
// anything fails.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { findChromium } from "./browser/chromium.mjs";
import { plainPages, vitePages } from "./browser/packages.mjs";
import { serve } from "./browser/serve.mjs";

const { values } = parseArgs({ options: { groups: { type: "string" } } });
const groups = values.groups?.split(",");
const root = fileURLToPath(new URL("..", import.meta.url));
/** A page that reports nothing for that long hangs, in ms. */
const patience = 120_000;

const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
const simd = (relaxed) => (relaxed ? "relaxed SIMD" : "SIMD");
const threaded = (...counts) =>
  counts.flatMap((threads) =>
    [false, true].map((relaxed) => ({
      options: { threads, relaxed },
      name: `wasm (${simd(relaxed)}, ${threads === 1 ? "1 thread" : `${threads} threads`})`,
    })),
  );
const far = [false, true].map((relaxed) => ({
  options: { threads: 2, relaxed, memory: 6144 },
  name: `wasm (${simd(relaxed)}, 2 threads, 64-bit memory)`,
}));
const alone = (why) =>
  [false, true].map((relaxed) => ({
    options: { threads: 4, relaxed },
    name: `wasm (${simd(relaxed)}, 1 thread: ${why})`,
  }));
const noWorkers =
  "workers cannot be started here: a worker's script was not loaded; " +
  "a content security policy may forbid workers (worker-src), or a bundler left worker.js out";

const plain = await plainPages(root);
const vite = await vitePages(root);
const cases = [
  { title: "plain modules, isolated", pages: plain, headers: isolated, runs: [...threaded(1, 2, 4), ...far] },
  {
    title: "plain modules, not isolated",
    pages: plain,
    headers: {},
    runs: alone("this page is not cross-origin isolated"),
  },
  {
    title: "plain modules, isolated, a policy without workers",
    pages: plain,
    headers: { ...isolated, "content-security-policy": "worker-src 'none'" },
    runs: alone(noWorkers),
  },
  {
    title: "plain modules, a policy without WebAssembly",
    pages: plain,
    headers: { "content-security-policy": "script-src 'self' 'unsafe-inline'" },
    runs: [{ options: {}, name: "" }],
    error: "BackendError: wasm: WebAssembly must not be compiled here.",
  },
  { title: "a build by Vite, isolated", pages: vite, headers: isolated, runs: threaded(2) },
  {
    title: "a build by Vite, in a worker of the page, isolated",
    pages: vite,
    headers: isolated,
    runs: threaded(2),
    query: "&worker",
  },
];

const chromium = findChromium(root);
const problems = [];
for (const each of cases) {
  console.log(`\n${each.title}`);
  problems.push(...(await run(each)).map((problem) => `${each.title}: ${problem}`));
}
if (problems.length > 0) console.error(`\n${problems.length} failed:\n${problems.join("\n")}`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Opens the page of a case; prints what it reports, and returns what is wrong, one sentence each. */
async function run({ pages, headers, runs, error: wanted, query = "" }) {
  const found = [];
  let failed;
  let done;
  const last = new Promise((resolve) => (done = resolve));
  const watch = setTimeout(() => done(`it reported nothing for ${patience / 1000} s`), patience);
  const server = await serve(
    pages,
    () => headers,
    (event) => {
      watch.refresh();
      if (event.last) {
        if (wanted === undefined) console.log(`  imported in ${event.imported.toFixed(0)} ms`);
        done();
      } else if (event.error !== undefined) {
        failed = event.error;
      } else {
        const { name, passed, skipped, failures, seconds, ready } = event;
        console.log(
          `  ${name}: ready in ${ready.toFixed(0)} ms; ` +
            `${passed} passed, ${skipped} skipped, ${failures.length} failed in ${seconds.toFixed(1)} s`,
        );
        found.push(event);
      }
    },
  );
  const profile = mkdtempSync(join(tmpdir(), "tenon-chromium-"));
  const what = encodeURIComponent(JSON.stringify({ runs, groups }));
  const flags = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
  ];
  const browser = spawn(
    chromium.program,
    [...flags, `--user-data-dir=${profile}`, `http://127.0.0.1:${server.port}/?what=${what}${query}`],
    { env: chromium.env, stdio: "ignore" },
  );
  const ended = new Promise((resolve) => browser.on("close", resolve).on("error", resolve));
  const end = await Promise.race([last, ended.then((code) => `Chromium ended (${code})`)]);
  clearTimeout(watch);
  browser.kill();
  await ended;
  server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });

  if (end !== undefined) return [end];
  if (wanted !== undefined) {
    console.log(`  refused: ${failed}`);
    return failed?.startsWith(wanted) ? [] : [`it should have been refused with "${wanted}"`];
  }
  return [
    ...(failed === undefined ? [] : [failed]),
    ...(found.length === runs.length ? [] : [`${found.length} of ${runs.length} backends were tested`]),
    ...found.flatMap(({ name, wanted: right, passed, skipped, failures }) => [
      ...(name === right ? [] : [`the backend is ${name}, not ${right}`]),
      ...(passed > 0 && skipped === 0 ? [] : [`${name}: ${passed} passed, ${skipped} skipped`]),
      ...failures.map((failure) => `${name}: ${failure}`),
    ]),
  ];
}
