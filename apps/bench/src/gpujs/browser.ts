// A contest in headless Chromium: bundles the page, serves it, and waits for what it reports.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { findChromium, type Chromium } from "../../../../scripts/browser/chromium.mjs";
import { serve } from "../../../../scripts/browser/serve.mjs";
import type { Contest, Outcome } from "./contest.ts";
import type { PageReport } from "./page.ts";

/** A page that reports nothing for that long hangs, in ms. A forward pass may take minutes where a processor imitates a graphics device. */
const patience = 600_000;
/** What makes a page cross-origin isolated: threads, and exact clocks, need it. */
const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--no-proxy-server",
  "--enable-unsafe-webgpu",
  "--enable-unsafe-swiftshader",
  // It ends a graphics process that computes for seconds.
  "--disable-gpu-watchdog",
];

/** The same as `compete`, in a page. */
export async function competeInPage(contest: Contest, progress: (text: string) => void): Promise<Outcome> {
  let chromium: Chromium;
  try {
    chromium = findChromium(fileURLToPath(new URL("../../../..", import.meta.url)));
  } catch (error) {
    return { kind: "absent", why: (error as Error).message };
  }
  const script = await bundled();
  let resolve!: (outcome: Outcome) => void;
  const promise = new Promise<Outcome>((done) => (resolve = done));
  const watch = setTimeout(
    () => resolve({ kind: "failed", why: `the page reported nothing for ${patience / 1000} s` }),
    patience,
  );
  const server = await serve(
    { "/page.js": script, "/": '<!doctype html><script type="module" src="/page.js"></script>' },
    () => isolated,
    (report) => {
      watch.refresh();
      const told = report as PageReport;
      if ("outcome" in told) resolve(told.outcome);
      else progress(told.progress);
    },
  );
  const profile = mkdtempSync(join(tmpdir(), "tenon-chromium-"));
  const address = `http://127.0.0.1:${server.port}/?contest=${encodeURIComponent(JSON.stringify(contest))}`;
  const browser = spawn(chromium.program, [...flags, `--user-data-dir=${profile}`, address], {
    env: chromium.env,
    stdio: "ignore",
  });
  const ended = new Promise<void>((done) => {
    browser
      .on("close", (code) => {
        resolve({ kind: "failed", why: `Chromium ended (${code})` });
        done();
      })
      .on("error", (error) => {
        resolve({ kind: "absent", why: `Chromium did not start: ${error.message}` });
        done();
      });
  });
  const outcome = await promise;
  clearTimeout(watch);
  browser.kill();
  await ended;
  server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  return outcome;
}

let script: Promise<string> | undefined;
function bundled(): Promise<string> {
  script ??= build({
    entryPoints: [fileURLToPath(new URL("page.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "esnext",
    platform: "browser",
    conditions: ["@tenon/source"],
    logLevel: "error",
  }).then(({ outputFiles }) => outputFiles[0]!.text);
  return script;
}
