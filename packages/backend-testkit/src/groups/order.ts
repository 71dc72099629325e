import {
  add,
  BackendError,
  isTenonError,
  mul,
  scoped,
  tensor,
  Variable,
  writeSliceOp,
  type Tensor,
} from "@tenon/tensor";
import { expectNumbers } from "@tenon/tensor/testing";

import type { Group } from "./group.ts";

const values = async (x: Tensor): Promise<number[]> => [...(await x.read())];

/** `async/…`: uploads, ops, updates, frees and reads happen in the order of the program, however late each of them runs. */
export const order: Group = () => [
  [
    "async/an upload that is still to come is waited for, in order",
    async (on) => {
      const late = new Promise<Float32Array>((resolve) => setTimeout(() => resolve(Float32Array.of(1, 2)), 5));
      using x = on.upload(late, { dtype: "f32", shape: [2] });
      using y = scoped(() => add(mul(x, 10), 1));
      expectNumbers(await y.read(), [11, 21], 0, "what was computed from it");
    },
  ],
  [
    "async/an upload that fails fails the reads that depend on it, and nothing else",
    async (on) => {
      using x = on.upload(Promise.reject(new Error("the file is gone")), { dtype: "f32", shape: [2] });
      using y = scoped(() => add(x, 1));
      using fine = tensor([3], [1], on);
      const error = await y.read().then(
        () => undefined,
        (cause: unknown) => cause,
      );
      if (!isTenonError(error, BackendError.kind) || !error.message.includes("the file is gone"))
        throw new Error(`the read gave ${String(error)}, expected a BackendError that names the cause`);
      expectNumbers(await fine.read(), [3], 0, "a tensor beside it");
    },
  ],
  [
    "async/reads that wait together each give their own values",
    async (on) => {
      using x = tensor([1, 2, 3], [3], on);
      const many = Array.from({ length: 20 }, (_, i) => scoped(() => mul(x, i)));
      const all = await Promise.all(many.map(values));
      for (const y of many) y[Symbol.dispose]();
      for (const [i, got] of all.entries()) expectNumbers(got, [i, 2 * i, 3 * i], 0, `read ${i}`);
    },
  ],
  [
    "async/updates and reads alternate as written",
    async (on) => {
      using variable = Variable.holding(tensor([0, 0, 0], [3], on));
      const reads: Promise<number[]>[] = [];
      for (let i = 0; i < 3; i++) {
        using piece = tensor([i + 1], [1], on);
        Variable.update(writeSliceOp, [variable], [piece], { axis: 0, start: i });
        using copy = scoped(() => mul(variable.value, 1));
        reads.push(values(copy));
      }
      const expected = [
        [1, 0, 0],
        [1, 2, 0],
        [1, 2, 3],
      ];
      for (const [i, got] of (await Promise.all(reads)).entries())
        expectNumbers(got, expected[i]!, 0, `the read after update ${i}`);
    },
  ],
  [
    "async/settled resolves once what makes a tensor has run",
    async (on) => {
      let arrived = false;
      const late = new Promise<Float32Array>((resolve) =>
        setTimeout(() => {
          arrived = true;
          resolve(Float32Array.of(2));
        }, 5),
      );
      using x = on.upload(late, { dtype: "f32", shape: [1] });
      using y = scoped(() => mul(x, x));
      const settled = on.settled(y);
      if (settled === undefined) throw new Error("a product of what is still to come counts as settled");
      await settled;
      if (!arrived) throw new Error("a product of what is still to come settled before that came");
      expectNumbers(await y.read(), [4], 0, "the value");
      if (on.settled(y) !== undefined) throw new Error("what was read does not count as settled");
    },
  ],
];
