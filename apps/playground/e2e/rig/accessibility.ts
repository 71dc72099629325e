import axe from "axe-core";
import type { Page } from "playwright";

/** What axe finds wrong with the page as it is now, a line for each thing. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(
      ({ html, failureSummary }) => `${impact} ${id}: ${help}\n    ${html.slice(0, 200)}\n    ${failureSummary}`,
    ),
  );
}

/** What sticks out of the window to the right, and makes the page scroll sideways; nothing that scrolls in a box of its own does. */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const isBoxed = (element: Element | null): boolean =>
      element !== null && (getComputedStyle(element).overflowX !== "visible" || isBoxed(element.parentElement));
    return [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !isBoxed(element.parentElement))
      .map((element) => `${Math.round(element.getBoundingClientRect().right)} px: ${element.outerHTML.slice(0, 100)}`);
  });
}

/** What Tab comes by, in order, until it leaves the page; and what is wrong with that, a line for each thing. */
export async function tabWalk(
  page: Page,
): Promise<{ readonly stops: readonly string[]; readonly wrong: readonly string[] }> {
  const stops: string[] = [];
  const wrong: string[] = [];
  await page.evaluate(() => {
    for (const element of document.querySelectorAll("[data-visited]")) element.removeAttribute("data-visited");
  });
  // The walk begins at the top of the document, whatever had the focus before, and with a key: then browsers show the focus.
  await page.locator(".skip").focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  for (let step = 0; ; step++) {
    if (step > 500) throw new Error(`Tab does not come to an end: ${stops.slice(-5).join(", ")}`);
    const stop = await page.evaluate(describeFocus);
    if (stop === undefined) break;
    if (stop.again) throw new Error(`Tab comes to ${stop.name} a second time, and never leaves the page.`);
    stops.push(stop.name);
    wrong.push(...stop.wrong);
    if (!stop.outlined && !(await looksFocused(page))) wrong.push(`${stop.name}: the focus does not show`);
    await page.keyboard.press("Tab");
  }
  wrong.push(...(await page.evaluate(notVisited)));
  return { stops, wrong };
}

/** What has the focus, and what is wrong with how that shows. Runs in the page. */
function describeFocus(): { name: string; again: boolean; outlined: boolean; wrong: string[] } | undefined {
  const element = document.activeElement as HTMLElement | null;
  if (element === null || element === document.body || element === document.documentElement) return undefined;
  const label = element.getAttribute("aria-label") ?? (element as HTMLInputElement).labels?.[0]?.textContent;
  const name = `${element.tagName.toLowerCase()} "${(label ?? element.textContent).trim().slice(0, 40)}"`;
  const again = "visited" in element.dataset;
  element.dataset["visited"] = "";
  const { outlineStyle, outlineWidth, opacity } = getComputedStyle(element);
  const outlined = outlineStyle !== "none" && outlineWidth !== "0px" && opacity !== "0";
  const wrong: string[] = [];
  const { left, top, width, height } = element.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + Math.min(height / 2, 20)];
  const above = document.elementFromPoint(x, y);
  // What is larger than the window cannot be seen whole; a control that is drawn by its label is found there.
  if (above === null) wrong.push(`${name}: has the focus outside of what one sees`);
  else if (!element.contains(above) && !above.contains(element) && above.closest("label") === null)
    wrong.push(`${name}: has the focus behind ${above.tagName.toLowerCase()}.${above.className}`);
  return { name, again, outlined, wrong };
}

/** Does what has the focus look otherwise without it? */
async function looksFocused(page: Page): Promise<boolean> {
  const focused = await page.evaluateHandle(() => document.activeElement as HTMLElement);
  const { x, y, width, height } = await focused.evaluate((element) => {
    const shown = (element as HTMLInputElement).labels?.[0] ?? element;
    const { x, y, width, height } = shown.getBoundingClientRect();
    return { x, y, width, height };
  });
  const clip = { x: Math.max(0, x - 6), y: Math.max(0, y - 6), width: width + 12, height: height + 12 };
  const withFocus = await page.screenshot({ clip });
  await focused.evaluate((element) => element.blur());
  const without = await page.screenshot({ clip });
  await focused.evaluate((element) => element.focus());
  return !withFocus.equals(without);
}

/** Controls that Tab did not come by. Runs in the page. */
function notVisited(): string[] {
  const controls = "a[href], button, input, select, textarea, summary, [tabindex='0'], [onclick]";
  return [...document.querySelectorAll<HTMLElement>(controls)]
    .filter((element) => !("visited" in element.dataset) && element.checkVisibility() && !element.matches(":disabled"))
    .filter(
      (element) =>
        element.closest("[role=tablist], [role=radiogroup], [role=grid], [role=toolbar], [role=listbox]") === null,
    )
    .filter((element) => !(element instanceof HTMLInputElement && element.type === "radio"))
    .map((element) => `Tab does not come by ${element.outerHTML.slice(0, 120)}`);
}
