import { expect, test } from "vitest";

import { brokenFile, huggingFaceFolder, storyDecoder } from "./rig/model-files.ts";
import { putAway } from "./rig/problems.ts";
import { computeBy, greedyText, modelOpen, openFiles } from "./rig/running.ts";
import { visit } from "./rig/visit.ts";

const story = /950,272 parameters/;

test("a text is written token by token, and goes on with another token where one chooses it", async () => {
  const { page } = await visit("#/run");
  await modelOpen(page, story);
  const before = await greedyText(page, "One dark night, Mia the fox", 12);
  const tokens = page.getByRole("toolbar").getByRole("button");
  expect(await tokens.count()).toBe(12);
  // By the keyboard alone: along the tokens, into the alternatives, and to another one.
  await tokens.nth(0).focus();
  for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  expect(await dialog.count()).toBe(0);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const other = await page.evaluate(() => document.activeElement!.getAttribute("aria-label"));
  expect(other).toMatch(/^Go on with /);
  await page.keyboard.press("Enter");
  await expect.poll(() => tokens.count()).toBeGreaterThan(12);
  await page.getByText(/it ended because/).waitFor();
  const after = await page.getByRole("toolbar", { name: "The text, token by token" }).innerText();
  expect(after).not.toBe(before);
  expect(after.slice(0, 30)).toBe(before.slice(0, 30));
});

test("controls change the distribution that is shown, stage by stage", async () => {
  const { page } = await visit("#/run");
  await modelOpen(page, story);
  await page.getByRole("button", { name: "Look at the next token" }).click();
  const table = page.getByRole("region", { name: "The distribution, stage by stage" });
  await table.getByRole("columnheader", { name: /^The model/ }).waitFor();
  await page.getByLabel(/^Top-k/).fill("3");
  await table.getByRole("columnheader", { name: /^Top-k 3/ }).waitFor();
  expect(await table.getByRole("columnheader", { name: /3 tokens/ }).count()).toBe(1);
});

test("every backend that works here writes the same greedy text, and the table of backends says so", async () => {
  const { page } = await visit("#/run");
  await modelOpen(page, story);
  const prompt = "One dark night, Mia the fox";
  const text = await greedyText(page, prompt, 10);
  await computeBy(page, "cpu", /^cpu/);
  expect(await greedyText(page, prompt, 10)).toBe(text);
  await computeBy(page, "gpujs:webasm", /^gpujs \(webasm/);
  expect(await greedyText(page, prompt, 10)).toBe(text);
  await page.getByRole("tab", { name: "Compare backends" }).click();
  for (const title of ["gpu.js, WebGPU", "gpu.js, WebGL2"]) {
    const check = page.getByRole("checkbox", { name: title });
    if (await check.isChecked()) await check.uncheck();
  }
  await page.getByLabel("Tokens", { exact: true }).fill("5");
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await page.getByText("goes on computing").waitFor();
  const rows = await page.getByRole("region", { name: "Backend by backend" }).getByRole("row").allInnerTexts();
  expect(rows.length).toBeGreaterThan(2);
  for (const row of rows.slice(1)) expect(row).toMatch(/the one to compare with|yes/);
});

test("an encoder fills in words and compares sentences", async () => {
  const { page } = await visit("#/run");
  await modelOpen(page, story);
  await page.getByLabel("Model", { exact: true }).selectOption("shipped:story-encoder");
  await modelOpen(page, /^A BERT/);
  await page.getByLabel("Text with masks").fill('"Hello," [MASK] Nina and smiled.');
  await page.getByText('"Hello," said Nina and smiled.').waitFor();
  expect(await page.getByRole("button", { name: /^Put in said \d/ }).count()).toBe(1);
  await page.getByRole("tab", { name: "Compare sentences" }).click();
  await page.getByLabel("Sentence 1", { exact: true }).fill("Tom was sad.");
  await page.getByLabel("Sentence 2", { exact: true }).fill("Tom was sad.");
  await page.getByText("The most alike are 1 and 2, with a cosine of 1.000").waitFor();
});

test("a model of Tenon and a folder of Hugging Face are opened from files", async () => {
  const { page } = await visit("#/run");
  await modelOpen(page, story);
  const shipped = await greedyText(page, "One day", 8);
  await openFiles(page, storyDecoder);
  await modelOpen(page, /Trained on .*950,272 parameters/);
  expect(await greedyText(page, "One day", 8)).toBe(shipped);
  await openFiles(page, await huggingFaceFolder(), "folder");
  await modelOpen(page, /tiny-llama: a LlamaForCausalLM/);
  expect(await greedyText(page, "the fox", 4)).toMatch(/^the fox/);
});

test("a model is dropped on the page", async () => {
  const { page, context } = await visit("#/run");
  await modelOpen(page, story);
  const cdp = await context.newCDPSession(page);
  const data = { items: [], files: [storyDecoder], dragOperationsMask: 1 };
  const drag = (type: "dragEnter" | "dragOver" | "drop"): Promise<unknown> =>
    cdp.send("Input.dispatchDragEvent", { type, x: 400, y: 300, data });
  await drag("dragEnter");
  await drag("dragOver");
  await page.getByText("Drop the model here").waitFor();
  await drag("drop");
  await modelOpen(page, /The page does not keep it/);
  expect(await page.getByText("Drop the model here").count()).toBe(0);
});

test("what is no model is refused in words, and the model before stays", async () => {
  const { page } = await visit("#/run");
  await modelOpen(page, story);
  await openFiles(page, await brokenFile());
  await page
    .getByRole("alert")
    .getByText(/broken\.safetensors/)
    .waitFor();
  await putAway(page);
  await openFiles(page, new URL("vitest.config.ts", import.meta.url).pathname);
  await page
    .getByRole("alert")
    .getByText(/there is no model in what was dropped \(vitest\.config\.ts\)/)
    .waitFor();
  await putAway(page);
  await modelOpen(page, story);
  expect(await greedyText(page, "One day", 3)).toMatch(/^One day/);
});
