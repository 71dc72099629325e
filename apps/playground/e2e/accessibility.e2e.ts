import { expect, test } from "vitest";

import { barriers, tabWalk, tooWide } from "./rig/accessibility.ts";
import { putAway } from "./rig/problems.ts";
import { states } from "./rig/states.ts";
import { visit } from "./rig/visit.ts";

const places = ["Assemble", "Train", "Run", "Look inside"];

test.each(Object.entries(states))(
  "%s: axe finds nothing, in light, dark and narrow; nothing is too wide",
  async (name, state) => {
    const { page } = await visit(`#/${state.place}`);
    await state.prepare(page);
    expect(await barriers(page), "light").toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await barriers(page), "dark").toEqual([]);
    await page.setViewportSize({ width: 360, height: 780 });
    await page.waitForTimeout(200);
    expect(await tooWide(page)).toEqual([]);
    expect(await barriers(page), "narrow").toEqual([]);
    if (name === "run-refused") await putAway(page);
  },
);

test.each([
  "assemble-wiring",
  "assemble-json",
  "train-plan",
  "train-run",
  "run-fill",
  "run-compare",
  "look-attention",
  "look-ablate",
])("%s: Tab comes by every control, shows where it is, and leaves the page again", async (name) => {
  const state = states[name]!;
  const { page } = await visit(`#/${state.place}`);
  await state.prepare(page);
  const { stops, wrong } = await tabWalk(page);
  expect(stops.slice(0, 5)).toEqual(['a "Skip to the content"', ...places.map((place) => `a "${place}"`)]);
  expect(wrong).toEqual([]);
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
