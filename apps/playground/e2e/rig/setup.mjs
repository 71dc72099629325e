// Vitest runs this once before the tests of the page, and only when there are such tests to run: it sees to it that there is a Chromium, and builds
// and serves the page as `npm run playground` does.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { findChromium } from "../../../../scripts/browser/chromium.mjs";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const serve = fileURLToPath(new URL("../../scripts/serve.mjs", import.meta.url));

/** Provides `chromium`, how to start it, and `page`, the address of the page on a host that sends the headers for threads. */
export async function setup(project) {
  const { program, env } = findChromium(root);
  project.provide("chromium", { program, env });
  // Vitest says NODE_ENV=test, and a build for tests would be another one than a visitor gets.
  const { NODE_ENV: _, ...environment } = process.env;
  const host = spawn(process.execPath, [serve, "--port", "0"], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  project.provide("page", await address(host));
  return async () => {
    const ended = once(host, "close");
    host.kill();
    await ended;
  };
}

async function address(host) {
  for await (const line of createInterface({ input: host.stdout })) {
    const [url] = /http:\S+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error("The playground could not be built or served: see above.");
}
