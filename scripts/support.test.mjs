import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import * as tensor from "../packages/tensor/src/index.ts";

const page = readFileSync(new URL("../docs/support-matrix.md", import.meta.url), "utf8");
const [ops] = page.split("beyond single ops");
const rows = [...ops.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);

test("the support matrix has a row for each op, and no other", () => {
  const all = Object.keys({ ...tensor.primitives, ...tensor.composites });
  expect(
    all.filter((name) => !rows.includes(name)),
    "these ops have no row in docs/support-matrix.md: run `npm run support`",
  ).toEqual([]);
  // Functions made of ops have rows, too, where the testkit compares them with PyTorch.
  expect(
    rows.filter((name) => !(name in tensor) && !all.includes(name)),
    "these rows of docs/support-matrix.md are of no op: run `npm run support`",
  ).toEqual([]);
});

test("no test of a backend in the support matrix fails", () => {
  expect(page).not.toContain("**fails**");
});
