// Opens an address in headless Chromium, until the standard input ends:
//
//   node scripts/open-page.mjs http://127.0.0.1:8080/ --enable-unsafe-webgpu
//
// What follows the address are more flags for Chromium. Exits with 2, and says why, where there is none to be had or it does not start, and
// with 1 where it ends by itself.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { findChromium } from "./browser/chromium.mjs";

const [address, ...more] = process.argv.slice(2);
const flags = ["--headless", "--no-sandbox", "--disable-dev-shm-usage", "--no-first-run", "--no-proxy-server", ...more];
const profile = mkdtempSync(join(tmpdir(), "tenon-chromium-"));
try {
  const { program, env } = findChromium(fileURLToPath(new URL("..", import.meta.url)));
  const browser = spawn(program, [...flags, `--user-data-dir=${profile}`, address], { env, stdio: "ignore" });
  let asked = false;
  process.stdin.resume().on("end", () => {
    asked = true;
    browser.kill();
  });
  await new Promise((resolve, reject) => browser.on("close", resolve).on("error", reject));
  process.exitCode = asked ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
} finally {
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  process.stdin.destroy();
}
