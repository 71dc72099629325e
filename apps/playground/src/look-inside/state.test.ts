import { expect, test } from "vitest";

import { type Chosen, chosenFrom, parametersOf } from "./state.ts";

test("what was chosen goes through the address and back, and what is usual is not in it", () => {
  const state: Chosen = {
    view: "lens",
    text: "a & b = ü\n",
    written: undefined,
    other: "",
    attention: 0,
    layer: 3,
    head: 0,
    position: 0,
    out: ["0 attention 3", "2 feed-forward"],
    by: "mean",
    patched: "-1 stream",
    patchedAt: 0,
  };
  const parameters = parametersOf(state);
  expect(parameters).toEqual({
    ...{ view: "lens", text: "a & b = ü\n", other: "", layer: "3", position: "0" },
    ...{ out: "0 attention 3,2 feed-forward", by: "mean", patched: "-1 stream", patchedAt: "0" },
  });
  expect(parametersOf(chosenFrom(new URLSearchParams()))).toEqual({});
  expect(chosenFrom(new URLSearchParams(new URLSearchParams(parameters).toString()))).toEqual(state);
});

test("what makes no sense in an address counts as usual", () => {
  const { view, layer, position } = chosenFrom(new URLSearchParams("view=cellar&layer=-1&position=1e9"));
  expect([view, layer, position]).toEqual(["attention", 0, undefined]);
});

test("what is no place of a model is not taken from an address", () => {
  const { out, by, patched } = chosenFrom(
    new URLSearchParams("out=0 attention,1 stream,-1 attention,x,2 cross-attention 0&by=love&patched=-1 feed-forward"),
  );
  expect([out, by, patched]).toEqual([["0 attention", "2 cross-attention 0"], "zero", "0 stream"]);
});
