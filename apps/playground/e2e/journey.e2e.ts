import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { Page } from "playwright";
import { expect, test } from "vitest";

import { assembleAlibiSwiglu } from "./rig/assembling.ts";
import { temporaryFolder } from "./rig/model-files.ts";
import { computeBy, greedyText, modelOpen } from "./rig/running.ts";
import { lossesOf, plan } from "./rig/training.ts";
import { visit } from "./rig/visit.ts";

const prompt = "One day, Mia";
const tokens = 8;

test("a visitor assembles a model, trains it, uses it, looks inside, comes back another day, and takes it along", async () => {
  const { page } = await visit("#/assemble");
  await assembleAlibiSwiglu(page);
  const losses = await trainIt(page);
  expect(losses.at(-1)!).toBeLessThan(losses[0]! - 0.3);

  await page.getByRole("button", { name: "Use it in Run" }).click();
  await modelOpen(page, /Trained on/);
  const text = await greedyText(page, prompt, tokens);
  expect(text.startsWith(prompt)).toBe(true);
  expect(text.length).toBeGreaterThan(prompt.length);
  await computesTheSame(page, text);

  await page.getByRole("link", { name: "Look inside" }).click();
  await looksInside(page);

  // Another day.
  await page.reload();
  await page.getByRole("link", { name: "Run", exact: true }).click();
  await modelOpen(page, /Trained on .*50 steps/); // what was open last
  await page.getByLabel("Model", { exact: true }).selectOption("shipped:story-decoder");
  await modelOpen(page, /950,272/);
  await page.getByLabel("Model", { exact: true }).selectOption({ label: "alibi (trained here)" });
  await modelOpen(page, /Trained on .*50 steps/);
  expect(await greedyText(page, prompt, tokens)).toBe(text);

  expect(await saidByCommandLine(await downloaded(page))).toBe(text);
});

/** Trains what is assembled for 50 steps; gives the losses that were seen. */
async function trainIt(page: Page): Promise<number[]> {
  await page.getByRole("button", { name: "Train it" }).click();
  await plan(page, { name: "alibi", stories: 300, steps: 50 });
  await page.getByRole("button", { name: "Train", exact: true }).click();
  return lossesOf(page, "Finished, all 50 steps");
}

async function computesTheSame(page: Page, text: string): Promise<void> {
  for (const [id, name] of [
    ["cpu", /^cpu/],
    ["gpujs:webasm", /^gpujs \(webasm/],
    ["gpujs:webgl2", /^gpujs \(webgl2/],
    ["wasm", /^wasm/],
  ] as const) {
    await computeBy(page, id, name);
    expect(await greedyText(page, prompt, tokens), id).toBe(text);
  }
}

/** Opens a head's attention, and takes a head out: the output moves. */
async function looksInside(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Layer 1, head 2", exact: true }).click();
  await page.getByRole("heading", { name: "Attention: layer 1, head 2" }).waitFor();
  await page.getByRole("table", { name: /looks at most/ }).waitFor();
  await page.getByRole("tab", { name: "Ablate" }).click();
  const moved = page.getByRole("status").filter({ hasText: "The prediction" });
  await moved.getByText(/moves by 0 nats/).waitFor();
  await page.getByRole("button", { name: "Layer 1, attention head 2" }).click();
  await moved.getByText(/moves by (?!0 nats)/).waitFor();
  await page.getByRole("button", { name: "Put everything back" }).click();
  await moved.getByText(/moves by 0 nats/).waitFor();
}

/** Downloads the model of the run that is open, and gives its path. */
async function downloaded(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as a file" }).click(),
  ]);
  const path = join(await temporaryFolder(), download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

async function saidByCommandLine(model: string): Promise<string> {
  const main = fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url));
  const options = ["--model", model, "--prompt", prompt, "--greedy", "--tokens", String(tokens)];
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=@tenon/source",
    main,
    "generate",
    ...options,
  ]);
  return stdout.trimEnd();
}
