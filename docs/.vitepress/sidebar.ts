import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { DefaultTheme } from "vitepress";

import { entryPoints } from "./entry-points.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const course = {
  embeddings: "Embeddings",
  position: "Position",
  "self-attention": "Self-attention",
  "cross-attention": "Cross-attention",
  residual: "Residual connections",
  normalisation: "Normalisation",
  "feed-forward": "Feed-forward",
  encoder: "The encoder",
  decoder: "The decoder",
  sampling: "Sampling",
  training: "Training",
  "look-inside": "Looking inside",
};

const guides = {
  compose: "Compose an architecture",
  "your-own-part": "Write your own part",
  "your-own-backend": "Write your own backend",
  "hugging-face": "Load from Hugging Face",
  "fine-tune": "Fine-tune",
  embed: "Embed texts",
  constraints: "Generate under constraints",
  memory: "Memory",
  threads: "Threads and headers",
  "from-pytorch": "From PyTorch",
  "from-transformers-js": "From transformers.js",
  "from-tensorflow-js": "From TensorFlow.js",
};

const about = {
  architecture: "Architecture",
  "support-matrix": "Ops and backends",
  benchmarks: "Benchmarks",
  "supported-runtimes": "Supported runtimes",
  errors: "Errors",
  "training-results": "Training results",
  versions: "Versions",
  release: "Releases",
};

/** The pages of a folder that are there, in this order. */
const pages = (folder: string, titles: Readonly<Record<string, string>>, number = false): DefaultTheme.SidebarItem[] =>
  Object.entries(titles).flatMap(([name, text], i) =>
    existsSync(`${root}/docs/${folder}${name}.md`)
      ? [{ text: number ? `${i + 1}. ${text}` : text, link: `/${folder}${name}` }]
      : [],
  );

const packages: DefaultTheme.SidebarItem[] = readdirSync(`${root}/packages`)
  .filter((name) => existsSync(`${root}/packages/${name}/README.md`))
  .map((name) => ({ text: `@tenon/${name}`, link: `/packages/${name}` }));

/** What stands beside the pages about packages and apps. */
const parts: DefaultTheme.SidebarItem[] = [
  { text: "Packages", items: packages },
  {
    text: "Apps",
    items: [
      { text: "The command line", link: "/apps/cli" },
      { text: "The playground", link: "/apps/playground" },
      { text: "How the benchmarks are made", link: "/apps/bench" },
      { text: "Benchmarks: word2vec", link: "/apps/bench/vectors/word2vec" },
      { text: "Benchmarks: GloVe", link: "/apps/bench/vectors/glove" },
      { text: "Benchmarks: fastText", link: "/apps/bench/vectors/fasttext" },
    ],
  },
];

/** What stands beside all others but the reference. */
const guide: DefaultTheme.SidebarItem[] = [
  { text: "Start in five minutes", link: "/start" },
  {
    text: "The transformer from under the hood",
    items: [{ text: "The road", link: "/course/" }, ...pages("course/", course, true)],
  },
  { text: "Guides", items: pages("guides/", guides) },
  {
    text: "About Tenon",
    items: [
      ...pages("", about),
      { text: "Contributing", link: "/contributing" },
      { text: "Security", link: "/security" },
    ],
  },
];

export const sidebar: DefaultTheme.Sidebar = {
  "/reference/": [
    {
      text: "Reference of @tenon/",
      link: "/reference/",
      // A package that has namespaces is a folder, and its page the index of it.
      items: entryPoints.map(({ name }) => ({
        text: name.replace("@tenon/", ""),
        link: `/reference/${name}${name === "@tenon/tensor" ? "/" : ""}`,
      })),
    },
  ],
  "/packages/": parts,
  "/apps/": parts,
  "/": guide,
};
