// Opens every page of the built site in Chromium and runs its live examples on each backend that they offer: `npm run test:docs`.
//
//   npm run test:docs -- sampling     the pages whose address contains a word
//
// On cpu() an example has to print what it promises; on another backend it has to end without an error. It exits with 1 when anything fails, or a page
// complains in the console. A graphics device may be missing or imitated: what a backend says of itself is printed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright";

import { findChromium } from "../../scripts/browser/chromium.mjs";

const words = process.argv.slice(2);
const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "docs/dist");
/** An example that takes longer hangs, in ms. */
const patience = 120_000;

const pages = readdirSync(dist, { recursive: true })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".html") && readFileSync(join(dist, file), "utf8").includes("data-example="))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (pages.length === 0)
  throw new Error("No page of the site has a live example by that name. Is it built? npm run docs -- --build");

const host = spawn(process.execPath, [join(root, "docs/scripts/site.mjs"), "--no-build", "--port", "0"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const address = await new Promise((resolve) => {
  createInterface({ input: host.stdout }).on("line", (line) => resolve(/http:\S+/.exec(line)?.[0]));
});
const { program, env } = findChromium(root);
const browser = await chromium.launch({ executablePath: program, env, args: ["--enable-unsafe-webgpu"] });
const problems = [];
try {
  for (const file of pages) await tryPage(file);
} finally {
  await browser.close();
  host.kill();
  await once(host, "close");
}
if (problems.length > 0) console.error(`\n${problems.length} failed:\n${problems.join("\n")}`);
process.exitCode = problems.length > 0 ? 1 : 0;

async function tryPage(file) {
  console.log(`\n${file}`);
  const page = await browser.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`${file}: the console says ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${file}: not caught: ${error.message}`));
  await page.goto(new URL(file, address).href);
  for (const live of await page.locator(".live").all()) {
    const name = await live.getAttribute("data-example");
    for (const backend of await live.locator("option").allTextContents()) {
      await live.locator("select").selectOption(backend);
      await live.getByRole("button", { name: "Run" }).click();
      const said = live.locator(".live-said[data-ended]");
      await said
        .waitFor({ timeout: patience })
        .catch(() => problems.push(`${file}: ${name} on ${backend} did not end`));
      const [text, failed] = await said.evaluate((one) => [one.textContent, one.classList.contains("failed")]);
      const prints = failed || backend !== "cpu()" ? undefined : await live.locator(".live-output").textContent();
      console.log(`  ${name}: ${text}`);
      if (failed) problems.push(`${file}: ${name} on ${backend}: ${text}`);
      if (prints !== undefined && prints !== promised(name))
        problems.push(`${file}: ${name} prints\n${prints}\nwhere it promises\n${promised(name)}`);
    }
  }
  await page.close();
}

/** What an example says at its end that it prints. */
function promised(name) {
  const [, comment] = readFileSync(join(root, `docs/examples/${name}.ts`), "utf8").split("\n// prints:\n");
  return comment.trimEnd().replaceAll(/^\/\/ ?/gm, "");
}
