// Takes pictures of every place in its states: light, dark, and as narrow as a phone.
//
//   node_modules/.bin/node apps/playground/scripts/screenshots.mjs [--only=run] [folder]
//
// Without a folder they lie in node_modules/.cache/tenon-playground/screenshots. `--only` takes those whose names hold the text.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { chromium } from "playwright";

import { findChromium } from "../../../scripts/browser/chromium.mjs";
import { servePage } from "../e2e/rig/serve-page.mjs";
import { states } from "../e2e/rig/states.ts";

const { values, positionals } = parseArgs({
  options: { only: { type: "string", default: "" } },
  allowPositionals: true,
});
const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = resolve(positionals[0] ?? join(root, "node_modules/.cache/tenon-playground/screenshots"));
mkdirSync(folder, { recursive: true });

const looks = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  narrow: { colorScheme: "light", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true },
};

const host = await servePage();
const { program, env } = findChromium(root);
const browser = await chromium.launch({ executablePath: program, env, args: ["--enable-unsafe-webgpu"] });
try {
  for (const [look, options] of Object.entries(looks)) {
    for (const [name, state] of Object.entries(states)) {
      if (!`${name}-${look}`.includes(values.only)) continue;
      const context = await browser.newContext({ locale: "en-GB", ...options });
      try {
        const page = await context.newPage();
        await page.goto(`${host.url}#/${state.place}`);
        await state.prepare(page);
        await page.evaluate(() => scrollTo(0, 0));
        await page.waitForTimeout(300); // what is drawn later
        await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        console.log(`${name}-${look}.png${wide > 0 ? `: ${wide} px wider than the window` : ""}`);
      } catch (error) {
        console.error(`${name}-${look}: ${error.message}`);
        process.exitCode = 1;
      } finally {
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await host.close();
}
console.log(`They lie in ${folder}`);
