import type { Page, Worker } from "playwright";
import { expect, test } from "vitest";

import { plainHost } from "./rig/plain-host.ts";
import { putAway } from "./rig/problems.ts";
import { visit } from "./rig/visit.ts";

const opened = (page: Page): Promise<void> => page.getByText("950,272 parameters").waitFor();
const engineOf = (page: Page): Worker => page.workers().find((worker) => /\/engine\.worker/.test(worker.url()))!;

test("a worker that the browser ends is reported, and the next use starts another", async () => {
  const { page } = await visit("#/run");
  await opened(page);
  await engineOf(page).evaluate(() => self.close());
  await page.getByText("The browser ended it, most likely for want of memory.").waitFor();
  await page.getByRole("button", { name: "Open it again" }).click();
  await opened(page);
  await putAway(page);
});

test("a worker whose script is not there is reported, nothing hangs, and it can be tried again", async () => {
  const host = await plainHost();
  try {
    host.lost.add("engine.worker");
    const { page } = await visit("#/run", { at: host.url });
    await page.getByText("Its script was not loaded.").first().waitFor();
    expect(await page.getByText("Opening the model").count()).toBe(0);
    host.lost.clear();
    await page.getByRole("button", { name: "Open it again" }).click();
    await opened(page);
    await putAway(page);
  } finally {
    host.close();
  }
});

test("nothing leaves the page: its host has the browser refuse it, to workers too", async () => {
  const other = await plainHost();
  try {
    const { page, forgive } = await visit("#/run");
    await opened(page);
    const send = (url: string): Promise<string> => fetch(url, { mode: "no-cors" }).then(String, String);
    expect(await page.evaluate(send, other.url)).toMatch(/Failed to fetch/);
    expect(await engineOf(page).evaluate(send, other.url)).toMatch(/Failed to fetch/);
    expect(other.asked).toEqual([]);
    forgive(/Content Security Policy/);
  } finally {
    other.close();
  }
});
