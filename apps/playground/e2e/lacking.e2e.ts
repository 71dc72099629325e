import type { Page } from "playwright";
import { expect, test } from "vitest";

import { inWorkers } from "./rig/lacking.ts";
import { putAway } from "./rig/problems.ts";
import { visit } from "./rig/visit.ts";

const opened = (page: Page): Promise<void> => page.getByText("950,272 parameters").waitFor();

test("without WebAssembly the page says so, and plain JavaScript does it", async () => {
  const { page, context } = await visit("#/assemble");
  await inWorkers(context, "engine.worker", "delete globalThis.WebAssembly");
  await page.getByRole("link", { name: "Run" }).click();
  await page.getByRole("alert").getByText("WebAssembly").first().waitFor();
  await page.getByLabel("Computed by").selectOption({ label: "Plain JavaScript" });
  await opened(page);
  await putAway(page);
});

test("without WebGL the page says so, and what computed before goes on", async () => {
  const { page, context } = await visit("#/assemble");
  await inWorkers(context, "engine.worker", "OffscreenCanvas.prototype.getContext = () => null");
  await page.getByRole("link", { name: "Run" }).click();
  await opened(page);
  await page.getByLabel("Computed by").selectOption({ label: "gpu.js, WebGL2" });
  await page.getByRole("alert").getByText("gpu.js, WebGL2 does not work here").waitFor();
  await expect.poll(() => page.getByLabel("Computed by").inputValue()).toBe("wasm");
  await putAway(page);
});
