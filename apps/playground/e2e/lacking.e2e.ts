import type { Page } from "playwright";
import { expect, test } from "vitest";

import { inWorkers } from "./rig/lacking.ts";
import { plainHost } from "./rig/plain-host.ts";
import { putAway } from "./rig/problems.ts";
import { computeBy, greedyText, modelOpen } from "./rig/running.ts";
import { plan } from "./rig/training.ts";
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

test("on a host that sends no headers all works with one thread, and the page says why", async () => {
  const host = await plainHost("/some/path/");
  try {
    const { page } = await visit("#/run", { at: host.url });
    await modelOpen(page, /950,272/);
    await page.getByText("wasm (relaxed SIMD, 1 thread: this page is not cross-origin isolated)").first().waitFor();
    expect(await greedyText(page, "One day", 3)).toMatch(/^One day/);
    await page.getByRole("link", { name: "Train", exact: true }).click();
    await page.getByText("this page was served without the two headers that allow more").waitFor();
  } finally {
    host.close();
  }
});

test("where nothing can be stored a run goes on, and the page says what that means", async () => {
  const { page, context } = await visit("#/assemble");
  const without = "delete StorageManager.prototype.getDirectory";
  await context.addInitScript(without);
  await inWorkers(context, "trainer.worker", without);
  await page.reload();
  await page.getByRole("link", { name: "Train", exact: true }).click();
  await plan(page, { name: "short", stories: 200, steps: 20 });
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText("Finished, all 20 steps").waitFor();
  await page.getByText(/what is not downloaded is lost with the page/).waitFor();
  page.on("dialog", (dialog) => void dialog.accept());
  await page.getByRole("button", { name: "Use it in Run" }).click();
  await modelOpen(page, /20 steps/);
});

test("a lost graphics device is said in words, and it or another backend goes on", async () => {
  const { page, context } = await visit("#/assemble");
  await inWorkers(
    context,
    "engine.worker",
    `const made = OffscreenCanvas.prototype.getContext;
     OffscreenCanvas.prototype.getContext = function (...given) {
       const context = made.apply(this, given);
       if (given[0] === "webgl2") globalThis.device = context;
       return context;
     }`,
  );
  await page.getByRole("link", { name: "Run" }).click();
  await modelOpen(page, /950,272/);
  await computeBy(page, "gpujs:webgl2", /^gpujs \(webgl2/);
  const worker = page.workers().find((each) => each.url().includes("engine.worker"))!;
  await worker.evaluate(() => {
    const { device } = globalThis as unknown as { readonly device: WebGL2RenderingContext };
    device.getExtension("WEBGL_lose_context")!.loseContext();
  });
  await page.getByRole("button", { name: "Continue the text" }).click();
  await page
    .getByRole("alert")
    .getByText(/It was started anew/)
    .waitFor();
  await putAway(page);
  expect(await greedyText(page, "One day", 3)).toMatch(/^One day/);
  await computeBy(page, "wasm", /^wasm/);
  expect(await greedyText(page, "One day", 3)).toMatch(/^One day/);
});

test("where the browser names a locale that is none, losses are told instead of drawn", async () => {
  const { page, context } = await visit("#/train");
  await context.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, "language", { get: () => "en-US@posix" }),
  );
  await page.reload();
  await plan(page, { name: "undrawn", stories: 200, steps: 6 });
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText("Finished, all 6 steps").waitFor();
  await page.getByText(/This browser does not draw the chart: .*en-US@posix/).waitFor();
  await page.getByText(/The loss went from .* in 6 steps/).waitFor();
});
