// A contest in headless Chromium: bundles the page, serves it, and waits for what it reports.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import type { Contest, Outcome } from "./contest.ts";
import type { PageReport } from "./page.ts";
import { servePage } from "./serve.ts";

/** A page that reports nothing for that long hangs, in ms. A forward pass may take minutes where a processor imitates a graphics device. */
const patience = 600_000;
// The watchdog ends a graphics process that computes for seconds.
const flags = ["--enable-unsafe-webgpu", "--enable-unsafe-swiftshader", "--disable-gpu-watchdog"];
const opener = fileURLToPath(new URL("../../../../scripts/open-page.mjs", import.meta.url));

/** The same as `compete`, in a page. */
export async function competeInPage(contest: Contest, progress: (text: string) => void): Promise<Outcome> {
  const script = await bundled();
  let end!: (outcome: Outcome) => void;
  const ended = new Promise<Outcome>((resolve) => (end = resolve));
  const watch = setTimeout(
    () => end({ kind: "failed", why: `the page reported nothing for ${patience / 1000} s` }),
    patience,
  );
  const server = await servePage(script, (event) => {
    watch.refresh();
    const report = event as PageReport;
    if ("outcome" in report) end(report.outcome);
    else progress(report.progress);
  });
  const question = `?contest=${encodeURIComponent(JSON.stringify(contest))}`;
  const browser = spawn(process.execPath, [opener, server.address + question, ...flags], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  let said = "";
  browser.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const closed = once(browser, "close").then(([code]: readonly (number | null)[]) =>
    end(code === 2 ? { kind: "absent", why: said.trim() } : { kind: "failed", why: `Chromium ended (${code})` }),
  );
  const outcome = await ended;
  clearTimeout(watch);
  browser.stdin.end();
  await closed;
  server.close();
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
