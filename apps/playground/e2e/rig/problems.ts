import type { Page } from "playwright";

/** Puts away all problems that the page shows. */
export async function putAway(page: Page): Promise<void> {
  const buttons = page.getByRole("button", { name: /^Put away/ });
  while ((await buttons.count()) > 0) await buttons.first().click();
}
