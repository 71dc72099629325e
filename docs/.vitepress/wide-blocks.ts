import type { MarkdownRenderer } from "vitepress";

/** What may be wider than a phone scrolls in a box of its own, by keys as well: formulas in lines of their own, and code that is told by its indent. */
export function wideBlocks({ renderer: { rules } }: MarkdownRenderer): void {
  const { math_block: formula, fence } = rules;
  if (formula === undefined || fence === undefined)
    throw new Error("Who draws formulas and code has to be in use before.");
  rules["math_block"] = (...of) =>
    `<div class="formula" tabindex="0" role="group" aria-label="Formula">${formula(...of)}</div>`;
  rules["code_block"] = (tokens, i, ...more) => {
    tokens[i].info = "text";
    return fence(tokens, i, ...more);
  };
}
