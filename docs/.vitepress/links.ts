import { existsSync } from "node:fs";
import { posix } from "node:path";

import type { MarkdownRenderer } from "vitepress";

import { pageOf } from "./pages.ts";

/**
 * Lets links between files of the repository lead to their pages. A link to a file that is no page, source code say, becomes the text alone, in code: the
 * site knows no address of the repository. A link to a file that is not there throws, and so ends the build.
 */
export function repositoryLinks(root: string): (markdown: MarkdownRenderer) => void {
  return (markdown) => {
    markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
      const { relativePath, realPath } = env as { relativePath: string; realPath?: string };
      const from = realPath === undefined ? relativePath : posix.relative(root, realPath);
      for (const { children } of tokens) {
        if (children === null) continue;
        for (const [i, token] of children.entries()) {
          if (token.type !== "link_open") continue;
          const href = String(token.attrGet("href"));
          if (/^([a-z]+:|#|\/)/.test(href)) continue;
          const [path = "", name] = decodeURI(href).split("#", 2);
          // VitePress puts that before a heading's name which begins with a digit.
          const hash = name?.replace(/^(?=\d)/, "_");
          const target = targetOf(root, posix.join(posix.dirname(from), path), from, href);
          const page = pageOf(target);
          const close = children.findIndex(
            (other, at) => at > i && other.type === "link_close" && other.level === token.level,
          );
          if (page !== undefined) {
            const here = pageOf(from) ?? from;
            const relative = posix.relative(posix.dirname(here), page);
            token.attrSet(
              "href",
              `${relative.startsWith(".") ? "" : "./"}${relative}${hash === undefined ? "" : `#${hash}`}`,
            );
          } else {
            for (const end of [token, children[close]])
              Object.assign(end, { type: "text", content: "", tag: "", nesting: 0 });
          }
        }
      }
    });
  };
}

/** A folder stands for its README. */
function targetOf(root: string, path: string, from: string, href: string): string {
  const file = path.replace(/\/$/, "");
  if (!existsSync(`${root}/${file}`)) throw new Error(`${from} links to ${href}, and there is no such file.`);
  return existsSync(`${root}/${file}/README.md`) ? `${file}/README.md` : file;
}
