// What a package's README tells its reader to do: install this, run that, and see these lines.
import { promisedLines } from "../doc-comments/run-example.mjs";
import { readFences } from "../doc-comments/fences.mjs";

/**
 * The README's line `npm install …` as its arguments, its first example that runs, as code, and what the example says that it prints.
 * `forNode` tells whether it uses what only Node, Bun and Deno have.
 */
export function readmeExample({ name, files }) {
  const text = files.get("README.md").toString();
  const install = /^npm install (.+)$/m
    .exec(text)[1]
    .split(" ")
    .filter((word) => word !== "--save-dev");
  const { code } = readFences(text).fences.find(({ language }) => language === "ts");
  const forNode = /from "@tenon\/[\w-]+(\/[\w-]+)*\/node"|\bimport\("node:|from "node:/.test(code);
  return { name, install, code, forNode, prints: promisedLines(code) };
}

/** The words and numbers of what was printed: runtimes differ in quotes, commas and line breaks. */
export const words = (text) => text.match(/[\p{L}\p{N}_.!$<>|-]+/gu) ?? [];
