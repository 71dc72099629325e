import type { MarkdownRenderer } from "vitepress";

/** A formula in a line of its own may be wider than a phone: it gets a box that scrolls, by keys as well. */
export function scrollingFormulas({ renderer: { rules } }: MarkdownRenderer): void {
  const draw = rules["math_block"];
  if (draw === undefined) throw new Error("The plugin for formulas draws no math_block: it has to be in use before.");
  rules["math_block"] = (...of) =>
    `<div class="formula" tabindex="0" role="group" aria-label="Formula">${draw(...of)}</div>`;
}
