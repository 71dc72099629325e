import type { Page } from "playwright";
import { expect, test } from "vitest";

import { putAway } from "./rig/problems.ts";
import { visit } from "./rig/visit.ts";

/** The spec that the page shows. */
async function specOn(page: Page): Promise<Record<string, unknown>> {
  await page.getByRole("tab", { name: "JSON" }).click();
  return JSON.parse(await page.getByRole("region", { name: "The spec as JSON" }).innerText()) as Record<
    string,
    unknown
  >;
}

test("a copied link opens the same model elsewhere", async () => {
  const { page, context } = await visit("#/assemble");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByLabel("Begin with").selectOption({ label: "T5 small" });
  const spec = await specOn(page);
  expect(spec["kind"]).toBe("encoder-decoder");
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("Copied").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  // Somebody else's browser.
  const other = await visit("", { at: link });
  await expect.poll(() => specOn(other.page)).toEqual(spec);
});

test("a broken link is said to be one, and the model stays as it was", async () => {
  const { page } = await visit("#/assemble");
  const spec = await specOn(page);
  await page.goto(`${page.url().split("#")[0]}#/assemble?spec=q1Yqzy_`);
  await page.getByRole("alert").getByText("This link does not hold a whole model.").waitFor();
  expect(await specOn(page)).toEqual(spec);
  await putAway(page);
});

test("where there is no clipboard the page says how to copy", async () => {
  const { page, context } = await visit("");
  await context.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.reload();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("alert").getByText("copy it by hand").waitFor();
  await putAway(page);
});

test("what cannot be is explained before and after, with what would do", async () => {
  const { page } = await visit("#/assemble");
  const form = page.getByRole("form", { name: "The model's parts" });
  await form.getByLabel("Width", { exact: true }).first().fill("65");
  const summary = page.getByRole("status").filter({ hasText: "This cannot be assembled." });
  await summary.waitFor();
  expect(await page.getByRole("button", { name: "Train it" }).isDisabled()).toBe(true);
  await form.getByRole("button", { name: "64", exact: true }).first().click();
  await summary.waitFor({ state: "detached" });
  expect(await page.getByRole("button", { name: "Train it" }).isEnabled()).toBe(true);
});

test("a spec can be pasted, and what is none is refused in words", async () => {
  const { page } = await visit("#/assemble");
  const before = await specOn(page);
  await page.getByLabel("Paste a spec").fill('{"version": 1, "kind": "decoder"');
  await page.getByRole("button", { name: "Take it" }).click();
  await page.getByText(/This is no JSON/).waitFor();
  await page.getByLabel("Paste a spec").fill(JSON.stringify({ ...before, layers: 5, widht: 3 }));
  await page.getByRole("button", { name: "Take it" }).click();
  await page.getByText(/widht/).first().waitFor();
  await page.getByLabel("Paste a spec").fill(JSON.stringify({ ...before, layers: 5 }));
  await page.getByRole("button", { name: "Take it" }).click();
  await expect.poll(() => specOn(page)).toEqual({ ...before, layers: 5 });
  // It is still there tomorrow.
  await page.goto(page.url().split("#")[0]!);
  await expect.poll(() => specOn(page)).toEqual({ ...before, layers: 5 });
});
