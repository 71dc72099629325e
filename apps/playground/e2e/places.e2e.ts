import { expect, test } from "vitest";

import { visit } from "./rig/visit.ts";

const places = [
  ["assemble", "Assemble"],
  ["train", "Train"],
  ["run", "Run"],
  ["look-inside", "Look inside"],
] as const;

test("each place has a title, one heading and an address, and has the focus when one goes there", async () => {
  const { page } = await visit("#/assemble");
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const { tagName, textContent } = document.activeElement!;
      return `${tagName} ${textContent}`;
    });
  await page.getByRole("heading", { level: 1, name: "Assemble" }).waitFor();
  expect(await page.title()).toBe("Assemble · Tenon playground");
  // Where a page begins, the browser says so by itself.
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  for (const [place, title] of [...places.slice(1), places[0]]) {
    await page.getByRole("navigation").getByRole("link", { name: title }).click();
    await expect.poll(focused).toBe(`H1 ${title}`);
    expect(await page.getByRole("heading", { level: 1 }).allTextContents()).toEqual([title]);
    expect(await page.title()).toBe(`${title} · Tenon playground`);
    expect(new URL(page.url()).hash).toBe(`#/${place}`);
    expect(await page.locator('nav [aria-current="page"]').allTextContents()).toEqual([title]);
  }
  await page.goBack();
  await expect.poll(focused).toBe("H1 Look inside");
  await page.goto(`${page.url().split("#")[0]}#/nowhere`);
  await expect.poll(focused).toBe("H1 Assemble");
});

test("a place that cannot be loaded says so, the others go on, and it comes with the next load", async () => {
  const { page, context, forgive } = await visit("#/assemble");
  await page.getByRole("heading", { level: 1, name: "Assemble" }).waitFor();
  await context.setOffline(true);
  await page.getByRole("link", { name: "Train" }).click();
  await page.getByRole("heading", { name: "Train could not be loaded" }).waitFor();
  expect(await page.getByRole("alert").allTextContents()).toContainEqual(
    expect.stringContaining("A file of this page could not be loaded. Look whether you are online"),
  );
  await page.getByRole("link", { name: "Assemble" }).click();
  await page.getByRole("heading", { level: 1, name: "Assemble" }).waitFor();
  await context.setOffline(false);
  await page.getByRole("link", { name: "Train" }).click();
  await page.getByRole("button", { name: "Load the page again" }).click();
  await page.getByRole("heading", { level: 1, name: "Train", exact: true }).waitFor();
  forgive(/ERR_INTERNET_DISCONNECTED/);
});

test("a place that fails says so in words, can begin again, and leaves the others alone", async () => {
  const { page, context } = await visit("#/assemble");
  await context.route("**/train-view*.js", (route) =>
    route.fulfill({
      contentType: "text/javascript",
      body: `let fails = true;
        export function TrainView() {
          if (!fails) return null;
          fails = false;
          throw new Error("The loss is a fish.");
        }`,
    }),
  );
  await page.getByRole("link", { name: "Train" }).click();
  await page.getByRole("heading", { name: "Train stopped" }).waitFor();
  await page.getByText("The loss is a fish.").waitFor();
  await page.getByRole("link", { name: "Run" }).click();
  await page.getByRole("heading", { level: 1, name: "Run" }).waitFor();
  await page.goBack();
  expect(await page.getByRole("heading", { name: "Train stopped" }).count()).toBe(0);
});

test("a page whose script does not come, or cannot be read, says so", async () => {
  const { page, context, forgive } = await visit("#/assemble");
  await context.route("**/index-*.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: "a script of tomorrow" }),
  );
  await page.reload();
  const late = page.getByText("this browser is too old for it");
  const opacity = (): Promise<string> => late.evaluate((element) => getComputedStyle(element).opacity);
  expect(await opacity()).toBe("0");
  await expect.poll(opacity, { timeout: 6000 }).toBe("1");
  forgive(/Unexpected identifier 'script'/);
});

test("without scripts the page says what it needs", async () => {
  const { page } = await visit("", { javaScriptEnabled: false });
  expect(await page.locator("body noscript").innerText()).toContain("by JavaScript: allow it for this page");
  expect(await page.getByText("has not begun").isVisible()).toBe(false);
});

test("what nobody has caught is shown, too", async () => {
  const { page, forgive } = await visit("#/assemble");
  await page.evaluate(() => void setTimeout(() => void Promise.reject(new Error("Nobody has caught me.")), 0));
  await page.getByRole("alert").getByText("Nobody has caught me.").waitFor();
  await page.getByRole("button", { name: "Put away: Something on this page went wrong" }).click();
  expect(await page.getByText("Nobody has caught me.").count()).toBe(0);
  forgive(/Nobody has caught me/);
});
