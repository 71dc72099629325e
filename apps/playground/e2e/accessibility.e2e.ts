import { expect, test } from "vitest";

import { barriers, tabWalk } from "./rig/accessibility.ts";
import { visit } from "./rig/visit.ts";

const places = ["Assemble", "Train", "Run", "Look inside"];

test.each(["light", "dark"] as const)("axe finds nothing in any place, %s", async (colorScheme) => {
  const { page } = await visit("#/assemble", { colorScheme });
  for (const title of places) {
    await page.getByRole("link", { name: title }).click();
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await page.waitForLoadState("networkidle");
    expect(await barriers(page), title).toEqual([]);
  }
});

test("Tab comes by every control, shows where it is, and leaves the page again", async () => {
  const { page } = await visit("#/assemble");
  for (const title of places) {
    await page.getByRole("link", { name: title }).click();
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await page.waitForLoadState("networkidle");
    const { stops, wrong } = await tabWalk(page);
    expect(stops.slice(0, 5), title).toEqual(['a "Skip to the content"', ...places.map((place) => `a "${place}"`)]);
    expect(wrong, title).toEqual([]);
  }
});

test("the first Tab and Enter skip to the content", async () => {
  const { page } = await visit("#/run");
  await page.getByRole("heading", { level: 1, name: "Run" }).waitFor();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement!.textContent)).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement!.id)).toBe("content");
  expect(new URL(page.url()).hash).toBe("#/run");
});
