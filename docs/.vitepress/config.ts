import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { katex } from "@mdit/plugin-katex";
import { defineConfig, type UserConfig } from "vitepress";

import { wideBlocks } from "./wide-blocks.ts";
import { repositoryLinks } from "./links.ts";
import { describePage } from "./page-data.ts";
import { noPages, pageOf } from "./pages.ts";
import { sidebar } from "./sidebar.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

const modules = fileURLToPath(new URL("../node_modules", import.meta.url));

/** KaTeX's names of classes change, so the style sheet has to be that of the KaTeX which the plugin brings and writes formulas with. */
const formulaStyles = createRequire(import.meta.resolve("@mdit/plugin-katex")).resolve("katex/dist/katex.min.css");

/** What makes a page cross-origin isolated, so that WebAssembly may have threads. */
const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

const config: UserConfig = defineConfig({
  title: "Tenon",
  description:
    "The transformer in pieces that fit: TypeScript packages to compose, run, train and look into transformers.",
  lang: "en",
  head: [["link", { rel: "icon", href: "/icon.svg", type: "image/svg+xml" }]],
  transformPageData: (page) => describePage(page, root),
  srcDir: root,
  srcExclude: noPages,
  rewrites: (file) => pageOf(file) ?? file,
  outDir: fileURLToPath(new URL("../dist", import.meta.url)),
  cacheDir: fileURLToPath(new URL("../node_modules/.cache/vitepress", import.meta.url)),
  // Each page would hold the list of all of them.
  metaChunk: true,
  markdown: {
    // All of their colours can be told from the ground.
    theme: { light: "github-light-high-contrast", dark: "github-dark-default" },
    config(markdown) {
      markdown.use(katex, { throwOnError: true, strict: "error" });
      markdown.use(wideBlocks);
      markdown.use(repositoryLinks(root));
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Start", link: "/start" },
      { text: "Course", link: "/course/" },
      { text: "Guides", link: "/guides/compose", activeMatch: "^/guides/" },
      { text: "Packages", link: "/packages/models", activeMatch: "^/(packages|apps)/" },
      { text: "Reference", link: "/reference/" },
    ],
    sidebar,
    notFound: {
      title: "There is no such page",
      quote: "It may have moved: the search above finds pages by their words.",
      linkText: "To the first page",
      linkLabel: "To the first page",
    },
    docFooter: { prev: "Before", next: "Next" },
  },
  vite: {
    publicDir: fileURLToPath(new URL("../public", import.meta.url)),
    // The packages are bundled from their sources, so nothing has to be built before.
    resolve: {
      // Pages lie outside of this package, and cannot find Vue by themselves.
      alias: [
        { find: /^vue(\/.*)?$/, replacement: `${modules}/vue$1` },
        { find: "katex/dist/katex.min.css", replacement: formulaStyles },
      ],
      conditions: ["@tenon/source", "module", "browser", "development|production"],
    },
    worker: { format: "es" },
    build: { target: "es2023", chunkSizeWarningLimit: 1500 },
    server: { headers: isolated, fs: { allow: [root] } },
    preview: { headers: isolated },
  },
});

export default config;
