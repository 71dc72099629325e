import { readFileSync } from "node:fs";

import type { PageData } from "vitepress";

/** What a page says of itself to search engines and in its tab: the first sentences of its text, unless it says more itself. */
export function describePage({ filePath, title, frontmatter }: PageData, root: string): Partial<PageData> {
  if (filePath.startsWith("docs/reference/@"))
    return {
      title: `${title}: reference`,
      description: `What ${title} exports: classes, functions and types, with formulas, shapes and examples.`,
    };
  return frontmatter["layout"] === "home"
    ? {}
    : { description: beginning(readFileSync(`${root}/${filePath}`, "utf8")) };
}

/** As many of the first sentences as make a description, without marks. */
function beginning(markdown: string): string {
  const paragraphs = markdown.replaceAll(/^---\n.*?\n---\n|^(```|:::).*?^\1\n/gms, "").split(/\n\s*\n/);
  const prose = paragraphs.find((one) => /^[\p{L}\p{N}[*`“"]/u.test(one)) ?? "";
  const plain = prose.replaceAll(/\[([^\]]*)\]\([^)]*\)|[*`_$]/g, "$1").replaceAll(/\s+/g, " ");
  return /^.{60,}?[.!?](?= |$)/.exec(plain)?.[0] ?? plain;
}
