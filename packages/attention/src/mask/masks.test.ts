import { cpu, random, Scope, scoped, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { drawPass, kinds, meant, said } from "../../test/masks.ts";

test.each(kinds)("$name says what its rule says, wherever queries and keys are", async ({ make, rule }) => {
  const on = cpu();
  const dice = random(1);
  for (let i = 0; i < 60; i++) {
    const { at, t, length } = drawPass(dice, on);
    const mask = make(on, t, length);
    const expected = meant(rule, at);
    expect(await said(mask, at)).toEqual(expected);
    expect(await said(mask, at)).toEqual(expected); // the next layer
  }
});

test.each(kinds)("$name leaves nothing behind, and lowers to one term of a kind", ({ make }) => {
  const on = cpu();
  const dice = random(2);
  for (let i = 0; i < 20; i++) {
    const { at, t, length } = drawPass(dice, on);
    using scope = new Scope();
    const mask = scope.run(() => make(on, t, length));
    const { tensors } = on.memory();
    scoped(() => {
      const named: Tensor[] = [];
      const terms = mask.lower(named, at);
      expect(new Set(terms.map(({ kind }) => kind)).size).toBe(terms.length);
      expect(terms.filter((term) => "input" in term).length).toBe(named.length);
    });
    expect(on.memory().tensors).toBe(tensors);
  }
});
