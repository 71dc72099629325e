import { readFileSync } from "node:fs";

/** Imports a built package as a program in Node, Bun or Deno would that has it installed. */
export function built(name, path = ".") {
  const folder = new URL(`../../packages/${name}/`, import.meta.url);
  const { exports } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  const { node, default: whole } = exports[path];
  return import(new URL(node ?? whole, folder).href);
}
