import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { format } from "node:util";
import { expect, test } from "vitest";

import * as tensorPackage from "./index.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);

type Run = (names: typeof tensorPackage, console: { log(...values: unknown[]): void }) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...lines: string[]) => Run;

test("the README has its examples", () => expect(examples.length).toBe(4));

test.each(examples)("this code of the README runs and prints what it says:\n%s", async (code) => {
  const javascript = stripTypeScriptTypes(code).replace(
    /^import (\{.*?\}) from "@tenon\/tensor";$/m,
    "const $1 = names;",
  );
  const printed: string[] = [];
  await new AsyncFunction("names", "console", javascript)(tensorPackage, {
    log: (...values) => void printed.push(format(...values)),
  });
  const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
  expect(promised.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
