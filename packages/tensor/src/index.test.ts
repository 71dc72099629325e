import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import * as index from "./index.ts";
import * as composites from "./ops/composites.ts";
import * as primitives from "./ops/primitives.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

/** The names in the README's table of "primitives", "composites" or "functions". */
function listed(kind: string): string[] {
  const table = read("../README.md")
    .split("\n\n")
    .find((text) => text.startsWith(`| ${kind} `));
  const cells = (table ?? "").split("\n").map((row) => row.split("|")[2] ?? "");
  return [...cells.join("").matchAll(/`(\w+)`/g)].map(([, name]) => name!);
}

/** What index.ts exports of functions that make tensors; and the ops without one, which `Variable.update` runs. */
function exported(): string[] {
  const lists = [...read("./index.ts").matchAll(/export \{([^}]+)\} from "\.\/(?:ops\/|create)/g)];
  const names = lists.flatMap(([, list]) => list!.split(",").map((name) => name.trim()));
  const updates = Object.values({ ...primitives, ...composites }).flatMap(({ kind, name }) =>
    kind === "update" ? [`${name}Op`] : [],
  );
  return names.filter((name) => /^\w+$/.test(name) && (!name.endsWith("Op") || updates.includes(name)));
}

test("the README lists each operation that can be imported once", () => {
  const all = [...listed("primitives"), ...listed("composites"), ...listed("functions")];
  expect(all.toSorted()).toEqual(exported().toSorted());
});

test("the README names everything that can be imported", () => {
  const named = new Set(read("../README.md").match(/\w+/g));
  expect(Object.keys(index).filter((name) => !named.has(name))).toEqual([]);
});

test("the README tells primitives, composites and functions apart", () => {
  const ops = (table: object): string[] => Object.keys(table);
  const nameOf = (name: string): string => name.replace(/Op$/, "");
  const views = ["reshape", "stopGradient"];
  expect(listed("primitives").map(nameOf).toSorted()).toEqual([...ops(primitives), ...views].toSorted());
  const hidden = ["geluGradient", "layerNormGradient", "crossEntropyGradient", "attentionGradient"];
  expect([...listed("composites").map(nameOf), ...hidden].toSorted()).toEqual(ops(composites).toSorted());
  expect(listed("functions").filter((name) => name in primitives || name in composites)).toEqual([]);
});
