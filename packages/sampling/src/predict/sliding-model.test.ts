import { concat, cpu, ids as idTensor, keep, Scope, slice, type Tensor, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { CausalModel } from "./causal-model.ts";
import { slidingModel } from "./sliding-model.ts";

const [context, vocabulary] = [6, 9];

/** What a cache has been given since it was made. */
class Seen {
  ids: Tensor | undefined;
  [Symbol.dispose](): void {
    this.ids?.[Symbol.dispose]();
  }
}

/** A model whose logits are the ids that it sees, in their order, and then zeros. */
function mirror(backend = cpu()): CausalModel<Seen> {
  return {
    vocabulary,
    context,
    backend,
    cache: () => new Seen(),
    next(ids, cache) {
      const all = keep(cache.ids === undefined ? slice(ids, 1, 0, ids.shape[1]!) : concat([cache.ids, ids], 1));
      cache.ids?.[Symbol.dispose]();
      cache.ids = all;
      if (all.shape[1]! > context) throw new Error("beyond the context");
      const zeros = tensor(
        new Array<number>(vocabulary - all.shape[1]!).fill(0),
        [1, vocabulary - all.shape[1]!],
        backend,
        "i32",
      );
      return concat([all, zeros], 1);
    },
  };
}

async function seenBy(steps: readonly (readonly number[])[]): Promise<number[]> {
  const model = slidingModel(mirror());
  using cache = model.cache();
  let seen: number[] = [];
  for (const step of steps) {
    using scope = new Scope();
    const logits = scope.run(() =>
      model.next(idTensor([...step], [1, step.length], model.backend, { limit: vocabulary }), cache),
    );
    seen = [...(await logits.read())].filter((id) => id > 0);
  }
  return seen;
}

/** 1, 2, … 8, 1, 2, …: the mirror's zeros are no ids. */
const text = (length: number): number[] => Array.from({ length }, (_, i) => 1 + (i % 8));

test("a model sees all of its context, and beyond it the last half, which fills up again", async () => {
  // h = 3 and c − h + 1 = 4, so after n > 6 ids it sees 3 + (n − 7) mod 4 of them.
  const lengths = [1, 2, 3, 4, 5, 6, 3, 4, 5, 6, 3, 4, 5, 6, 3];
  for (const [i, length] of lengths.entries()) {
    const ids = text(i + 1);
    const expected = ids.slice(-length);
    expect(await seenBy([ids])).toEqual(expected);
    expect(await seenBy(ids.map((id) => [id]))).toEqual(expected);
    expect(await seenBy([ids.slice(0, 4), ids.slice(4)].filter(({ length }) => length > 0))).toEqual(expected);
  }
});

test("what it held is given back", async () => {
  const on = cpu();
  const model = slidingModel(mirror(on));
  const before = on.memory();
  const cache = model.cache();
  for (const id of text(20)) {
    using scope = new Scope();
    scope.run(() => model.next(idTensor([id], [1, 1], on, { limit: vocabulary }), cache));
  }
  cache[Symbol.dispose]();
  expect(on.memory()).toEqual(before);
});
