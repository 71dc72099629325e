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
  };
  const parameters = parametersOf(state);
  expect(parameters).toEqual({ view: "lens", text: "a & b = ü\n", other: "", layer: "3", position: "0" });
  expect(chosenFrom(new URLSearchParams(new URLSearchParams(parameters).toString()))).toEqual(state);
});

test("what makes no sense in an address counts as usual", () => {
  const { view, layer, position } = chosenFrom(new URLSearchParams("view=cellar&layer=-1&position=1e9"));
  expect([view, layer, position]).toEqual(["attention", 0, undefined]);
});
