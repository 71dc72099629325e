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

test("what is shared between layers is not taken for another extent's", async () => {
  const dice = random(3);
  const once = kinds.filter(({ name }) => !name.startsWith("dense") && !name.startsWith("all of several of"));
  for (const { make, rule } of once) {
    const on = cpu();
    const mask = make(on, 0, 0);
    const { queries, keys, queryOffset, firstKey } = { queries: 2, keys: 4, queryOffset: 5, firstKey: 3 };
    for (let i = 0; i < 30; i++) {
      const moved = (): number => dice.integer(2);
      const at = {
        queries: queries + moved(),
        keys: keys + moved(),
        queryOffset: queryOffset + moved(),
        firstKey: firstKey + moved(),
        firstQuery: moved(),
        backend: on,
      };
      expect(await said(mask, at)).toEqual(meant(rule, at));
    }
  }
});
