import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { stories } from "./stories.ts";

test("the README shows the three stories of seed 12", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const shown = [...readme.matchAll(/^> (.*)$/gm)].map(([, story]) => story);
  expect(shown.join("\n\n")).toBe(stories({ seed: 12, count: 3 }).trimEnd());
});
