import { afterAll, beforeAll, expect, test } from "vitest";

import { firstLoad } from "./rig/first-load.ts";
import { plainHost, type PlainHost } from "./rig/plain-host.ts";
import { visit } from "./rig/visit.ts";

let host: PlainHost;
beforeAll(async () => void (host = await plainHost()));
afterAll(() => host.close());

test("from any host and path the page begins with at most 150 kB of script", async () => {
  const { page } = await visit("", { at: host.url });
  await page.getByRole("heading", { level: 1, name: "Assemble" }).waitFor();
  await page.waitForLoadState("networkidle");
  const { kilobytes, scripts } = firstLoad(host.asked);
  console.log(`first load: ${kilobytes.toFixed(1)} kB of script, gzip\n${scripts.join("\n")}`);
  expect(kilobytes).toBeLessThanOrEqual(150);
});
