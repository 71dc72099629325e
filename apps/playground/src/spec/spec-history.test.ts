import { gpt, type Spec } from "@tenon/models";
import { expect, test } from "vitest";

import { SpecHistory } from "./spec-history.ts";

const specOf = (layers: number): Spec => gpt({ vocabulary: 8, context: 4, width: 4, layers, heads: 1 });

test("edits are taken back and done again, one by one", () => {
  const history = new SpecHistory(specOf(1));
  expect([history.canUndo.value, history.canRedo.value]).toEqual([false, false]);
  history.edit(specOf(2));
  history.edit(specOf(3));
  history.undo();
  expect(history.spec.value).toEqual(specOf(2));
  history.undo();
  expect(history.spec.value).toEqual(specOf(1));
  history.undo();
  expect([history.canUndo.value, history.canRedo.value]).toEqual([false, true]);
  history.redo();
  history.redo();
  history.redo();
  expect(history.spec.value).toEqual(specOf(3));
  expect(history.canRedo.value).toBe(false);
});

test("what is typed into one field is one edit, until something else happens", () => {
  const history = new SpecHistory(specOf(1));
  for (const layers of [2, 3, 4]) history.edit(specOf(layers), "layers");
  history.edit(specOf(5), "width");
  history.undo();
  expect(history.spec.value).toEqual(specOf(4));
  history.undo();
  expect(history.spec.value).toEqual(specOf(1));
  history.edit(specOf(6), "layers");
  expect(history.canRedo.value).toBe(false);
  history.undo();
  expect(history.spec.value).toEqual(specOf(1));
});
