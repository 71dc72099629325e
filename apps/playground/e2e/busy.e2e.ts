import { expect, test } from "vitest";

import { longestBusyStretch } from "./rig/busy.ts";
import { visit } from "./rig/visit.ts";

test("the page answers while it opens", async () => {
  const visitor = await visit("#/assemble");
  const { page } = visitor;
  const stretch = await longestBusyStretch(visitor, async () => {
    for (const title of ["Assemble", "Train", "Run", "Look inside"]) {
      await page.getByRole("link", { name: title }).click();
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      await page.waitForLoadState("networkidle");
    }
  });
  console.log(
    `longest task: ${stretch.own.toFixed(1)} ms of its own, ${stretch.wall.toFixed(1)} ms by the clock: ${stretch.what}`,
  );
  expect(stretch.own).toBeLessThan(50);
});
