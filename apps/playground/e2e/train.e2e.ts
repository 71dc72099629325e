import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright";
import { expect, test } from "vitest";

import { temporaryFolder } from "./rig/model-files.ts";
import { putAway } from "./rig/problems.ts";
import { plan } from "./rig/training.ts";
import { visit } from "./rig/visit.ts";

const begin = (page: Page): Promise<void> => page.getByRole("button", { name: "Train", exact: true }).click();

/** The step that the page shows. */
async function stepOn(page: Page): Promise<number> {
  const shown = page.locator(".run-numbers > div").filter({ has: page.getByText("Step", { exact: true }) });
  return Number((await shown.locator("dd").innerText()).split(" ")[0]!.replaceAll(",", ""));
}

/** Goes on with a run that is kept: from the step that was saved, which is `least` or later. */
async function goesOn(page: Page, name: string, least: number): Promise<void> {
  const line = await page.getByRole("listitem").filter({ hasText: name }).innerText();
  const saved = Number(/([\d,]+) of/.exec(line)![1]!.replaceAll(",", ""));
  expect(saved).toBeGreaterThanOrEqual(least);
  await page.getByRole("button", { name: `Go on with ${name}` }).click();
  await page.locator(".run-numbers").waitFor();
  await expect.poll(() => stepOn(page)).toBeGreaterThan(0); // the checkpoint has been read
  expect(await stepOn(page)).toBeGreaterThanOrEqual(saved);
  await expect.poll(() => stepOn(page), { timeout: 60_000 }).toBeGreaterThan(saved);
  await page.getByRole("button", { name: "Stop and save" }).click();
  await page.getByText(/^Stopped\. Saved at step/).waitFor();
}

test("a run is paused and resumed, stopped, and goes on after the page was loaded anew", async () => {
  const { page } = await visit("#/train");
  await plan(page, { name: "walk", stories: 200, steps: 5000 });
  await begin(page);
  await expect.poll(() => stepOn(page), { timeout: 60_000 }).toBeGreaterThan(2);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText(/^Paused\./).waitFor();
  const paused = await stepOn(page);
  await page.waitForTimeout(500);
  expect(await stepOn(page)).toBe(paused);
  await page.getByRole("button", { name: "Go on", exact: true }).click();
  await expect.poll(() => stepOn(page)).toBeGreaterThan(paused);
  // One may look elsewhere meanwhile: the header says how far it is.
  await page.getByRole("link", { name: "Run", exact: true }).click();
  await page.getByText("950,272 parameters").waitFor();
  await page.getByLabel("Model", { exact: true }).selectOption({ label: "walk (trained here)" });
  await page.getByRole("button", { name: "Delete …" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("alert").getByText("walk is being trained, here or in another tab.").waitFor();
  await putAway(page);
  await page.getByRole("link", { name: /^training: step/ }).click();
  await page.getByRole("button", { name: "Stop and save" }).click();
  await page.getByText(/^Stopped\. Saved at step/).waitFor();
  const stopped = await stepOn(page);
  await page.reload();
  await goesOn(page, "walk", stopped);
  await page.getByRole("button", { name: "Another run" }).click();
  await page.getByRole("button", { name: "Delete walk" }).click();
  await page.getByRole("button", { name: "Delete walk for good" }).click();
  await page.getByText("Runs in this browser").waitFor({ state: "detached" });
});

test("a page that is loaded anew in the middle of a run loses nothing that was saved", async () => {
  const { page } = await visit("#/train");
  await plan(page, { name: "sudden", stories: 200, steps: 5000 });
  await page.getByLabel("Save every").fill("5");
  await begin(page);
  await expect.poll(() => stepOn(page), { timeout: 60_000 }).toBeGreaterThan(7);
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await goesOn(page, "sudden", 5);
});

test("a worker that ends in the middle of a run is reported, and the run goes on from what was saved", async () => {
  const { page } = await visit("#/train");
  await plan(page, { name: "fallen", stories: 200, steps: 5000 });
  await page.getByLabel("Save every").fill("5");
  await begin(page);
  await expect.poll(() => stepOn(page), { timeout: 60_000 }).toBeGreaterThan(7);
  const worker = page.workers().find((each) => each.url().includes("trainer.worker"))!;
  await worker.evaluate(() => self.close());
  await page.getByText("The browser ended it, most likely for want of memory.").waitFor();
  await putAway(page);
  await goesOn(page, "fallen", 5);
});

test("a model learns from a file of one's own; a text that is too short is refused in words", async () => {
  const { page } = await visit("#/train");
  const folder = await temporaryFolder();
  const [short, long] = [join(folder, "short.txt"), join(folder, "long.txt")];
  await writeFile(short, "Three words only.");
  await writeFile(long, "The fox ran home, and the cat ran home, too. ".repeat(400));
  await plan(page, { name: "own", stories: 200, steps: 3 });
  await page.getByLabel("Text", { exact: true }).selectOption({ label: "My own" });
  await page.locator("input[type=file][multiple]").setInputFiles(short);
  await page.getByText("short.txt, 17 B. It stays in this browser.").waitFor();
  await page.getByLabel("Warm-up").fill("0");
  await begin(page);
  await page.getByRole("alert").getByText("The run could not begin").waitFor();
  await putAway(page);
  await page.locator("input[type=file][multiple]").setInputFiles(long);
  await page.getByText("long.txt,").waitFor();
  await begin(page);
  await page.getByText("Finished, all 3 steps").waitFor();
  await page.getByRole("button", { name: "Train it further" }).click();
  await expect.poll(() => page.evaluate(() => document.activeElement!.textContent)).toBe("What learns");
  await begin(page);
  await page.getByText(/^own, further: decoder/).waitFor();
  await page.getByText("Finished, all 3 steps").waitFor();
});

test("a model that was open is not trained further when it no longer is, and nothing else instead", async () => {
  const { page } = await visit("#/run");
  await page.getByText("950,272 parameters").waitFor();
  await page.getByRole("link", { name: "Train" }).click();
  await page.getByLabel("Model", { exact: true }).selectOption("open");
  await page.reload();
  await begin(page);
  await page.getByText("The open model was to be trained further: none is open. Open one in Run.").waitFor();
  await putAway(page);
});

test("gpu.js trains, too", async () => {
  const { page } = await visit("#/train");
  await plan(page, { name: "pixels", stories: 200, steps: 1 });
  await page.getByLabel("Warm-up").fill("0");
  await page.getByLabel("Computed by").selectOption("gpujs:webgl2");
  await begin(page);
  await page.getByText("Finished, its only step").waitFor({ timeout: 120_000 });
  await page.getByText(/Computed by gpujs \(webgl2/).waitFor();
});
