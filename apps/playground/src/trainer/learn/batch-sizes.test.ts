import { expect, test } from "vitest";

import { batchAt, changingBatches, withChange } from "./batch-sizes.ts";

test("batches change their size at the step that was said, and are a function of the step", async () => {
  let changes = [{ from: 0, batch: 16 }] as ReturnType<typeof withChange>;
  const made: number[] = [];
  const batches = changingBatches(
    (batch) => {
      made.push(batch);
      return (step) => ({ batch, step });
    },
    () => changes,
  );
  expect(await batches(5)).toEqual({ batch: 16, step: 5 });
  changes = withChange(changes, { from: 10, batch: 8 });
  expect(
    [await batches(9), await batches(10), await batches(9)].map((each) => (each as { batch: number }).batch),
  ).toEqual([16, 8, 16]);
  expect(made).toEqual([16, 8]);
});

test("the last change at a step holds, and one that changes nothing is none", () => {
  const begun = [{ from: 0, batch: 16 }];
  expect(withChange(begun, { from: 3, batch: 16 })).toEqual(begun);
  const changed = withChange(withChange(begun, { from: 3, batch: 4 }), { from: 3, batch: 2 });
  expect([batchAt(changed, 2), batchAt(changed, 3), changed.length]).toEqual([16, 2, 2]);
  expect(() => withChange(begun, { from: 1, batch: 1.5 })).toThrow(
    "a batch has a whole number of pieces, 1 or more, got 1.5",
  );
});
