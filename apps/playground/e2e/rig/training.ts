import type { Page } from "playwright";

/** Fills in the plan of a small run that learns from stories. */
export async function plan(
  page: Page,
  { name, stories, steps }: { readonly name: string; readonly stories: number; readonly steps: number },
): Promise<void> {
  await page.getByLabel("Stories", { exact: true }).fill(String(stories));
  await page.getByLabel("Tokens at most").fill("500");
  await page.getByLabel("Steps", { exact: true }).fill(String(steps));
  await page.getByLabel("Batch", { exact: true }).fill("8");
  await page.getByText("More settings").click();
  await page.getByLabel("Warm-up").fill("5");
  await page.getByLabel("Name of the run").fill(name);
}

/** The losses that the page shows one after the other, until it says `end`. */
export async function lossesOf(page: Page, end: string): Promise<number[]> {
  const losses: number[] = [];
  const shown = page.locator(".run-numbers > div").filter({ has: page.getByText("Loss", { exact: true }) });
  const ended = page.getByText(end);
  for (;;) {
    const isOver = await ended.isVisible();
    const [text] = await shown.locator("dd").allInnerTexts();
    const loss = Number(text);
    if (!Number.isNaN(loss) && loss !== losses.at(-1)) losses.push(loss);
    if (isOver) return losses;
    await page.waitForTimeout(50);
  }
}
