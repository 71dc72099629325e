import type { Page } from "playwright";
import { expect, test } from "vitest";

import { longestBusyStretch } from "./rig/busy.ts";
import { greedyText, modelOpen } from "./rig/running.ts";
import { plan } from "./rig/training.ts";
import { visit } from "./rig/visit.ts";

test.each([
  ["while it opens, place by place", "", openEverything],
  ["while Llama is assembled at its full size", "#/assemble", assembleLlama],
  ["while a text is written", "#/run", writeText],
  ["while a model learns", "#/train", trainModel],
  ["while one looks inside", "#/look-inside", lookInside],
] as const)("the page answers %s", async (title, place, does) => {
  const visitor = await visit(place);
  await visitor.page.getByRole("heading", { level: 1 }).waitFor();
  const { own, wall, what } = await longestBusyStretch(visitor, () => does(visitor.page));
  console.log(`${title}: busy for ${own.toFixed(1)} ms at most (${wall.toFixed(1)} ms by the clock): ${what}`);
  expect(own).toBeLessThan(50);
});

async function openEverything(page: Page): Promise<void> {
  for (const title of ["Assemble", "Train", "Run", "Look inside"]) {
    await page.getByRole("link", { name: title }).click();
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await page.waitForLoadState("networkidle");
  }
  await modelOpen(page, /950,272/);
}

async function assembleLlama(page: Page): Promise<void> {
  await page.getByLabel("Begin with").selectOption({ label: "Llama 2 7B" });
  await page.getByText("6.74 billion").first().waitFor();
  const width = page.getByRole("form", { name: "The model's parts" }).getByLabel("Layers", { exact: true }).first();
  for (const layers of ["3", "30", "48"]) await width.fill(layers);
  for (const tab of ["Costs", "TypeScript", "JSON", "Wiring"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.waitForTimeout(300);
  }
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("6.74 billion").first().waitFor();
}

async function writeText(page: Page): Promise<void> {
  await modelOpen(page, /950,272/);
  await greedyText(page, "One dark night, Mia the fox", 150);
}

async function trainModel(page: Page): Promise<void> {
  await plan(page, { name: "busy", stories: 200, steps: 150 });
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText("Finished, all 150 steps").waitFor({ timeout: 120_000 });
}

async function lookInside(page: Page): Promise<void> {
  const inside = page.getByLabel("What is inside");
  await inside.getByRole("tab", { name: "Attention" }).waitFor();
  for (const tab of ["Attention", "Residual stream", "Logit lens", "Ablate", "Patch", "Positions"]) {
    await inside.getByRole("tab", { name: tab }).click();
    await page.waitForTimeout(700);
  }
}
