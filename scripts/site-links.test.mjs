import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { brokenLinks } from "../docs/scripts/check-links.mjs";

const dist = mkdtempSync(join(tmpdir(), "tenon-links-"));
afterAll(() => rmSync(dist, { recursive: true }));

function write(files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dist, path)), { recursive: true });
    writeFileSync(join(dist, path), text);
  }
}

test("Links lead to pages, to places in them, to files; what leads nowhere is named with its page", () => {
  write({
    "index.html": `<h1 id="top"></h1><a href="/guides/memory#a&amp;b">1</a><a href="./guides/memory.html">2</a><a href="#top">3</a>
      <a href="https://example.org/nowhere">4</a><script src="/assets/app.js"></script>`,
    "guides/memory.html": `<h2 id="a&amp;b"></h2><a href="../#top">1</a><a href="../">2</a>`,
    "assets/app.js": "",
  });
  expect(brokenLinks(dist)).toEqual([]);
  write({
    "guides/memory.html": `<a href="../index.html#bottom">1</a><a href="./threads">2</a><a href="/guides/">3</a><img src="/a.svg" />`,
  });
  expect(brokenLinks(dist).sort()).toEqual([
    "guides/memory.html links to ../index.html#bottom: the page has no such place.",
    "guides/memory.html links to ./threads: there is no such page.",
    "guides/memory.html links to /a.svg: there is no such page.",
    "guides/memory.html links to /guides/: there is no such page.",
    "index.html links to /guides/memory#a&b: the page has no such place.",
  ]);
});
