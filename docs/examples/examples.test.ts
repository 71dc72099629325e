// Runs every example of this folder and compares what it printed with the comment at its end:
//
//   // prints:
//   // the first line
//   // the second line
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "node:util";

import { afterEach, expect, test, vi } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));
const names = readdirSync(folder).flatMap((file) => /^([^.]+)\.ts$/.exec(file)?.[1] ?? []);

afterEach(() => {
  vi.restoreAllMocks();
});

test.each(names)("%s prints what it says", async (name) => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
    lines.push(format(...values));
  });
  await import(/* @vite-ignore */ `${folder}${name}.ts`);
  expect(lines.join("\n")).toBe(promised(name));
});

function promised(name: string): string {
  const [, comment] = readFileSync(`${folder}${name}.ts`, "utf8").split("\n// prints:\n");
  if (comment === undefined)
    throw new Error(`docs/examples/${name}.ts has to end with "// prints:" and the lines it prints, as comments.`);
  return comment.trimEnd().replaceAll(/^\/\/ ?/gm, "");
}

test("the README shows compose.ts as it is", () => {
  const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
  const [, code] = /^\/\/[^\n]*\n([\s\S]*?)\n\n\/\/ prints:/.exec(readFileSync(`${folder}compose.ts`, "utf8"))!;
  expect(readme).toContain(code!);
});
