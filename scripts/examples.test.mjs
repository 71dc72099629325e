// Runs the examples of all doc comments and READMEs.
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { checkExample, importPackages, readExamples } from "./doc-comments.mjs";
import { entryPoints } from "./doc-comments/public-names.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const entries = entryPoints(root);
const { examples, problems } = readExamples(root, entries);
const packages = await importPackages(root, entries);

test("every doc comment is complete", () => expect(problems).toEqual([]));

test("every package can be imported", () => expect(packages.problems).toEqual([]));

test.each(examples)("$path:$line $name prints what it says", async (example) => {
  expect(await checkExample(root, entries, packages.modules, example)).toEqual([]);
});
