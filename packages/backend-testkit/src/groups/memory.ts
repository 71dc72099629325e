import {
  add,
  mul,
  reshape,
  scoped,
  Scope,
  tensor,
  Variable,
  writeSliceOp,
  type Backend,
  type Tensor,
} from "@tenon/tensor";
import { expectNumbers } from "@tenon/tensor/testing";

import type { Group } from "./group.ts";

const expectCount = (on: Backend, expected: number, what: string): void => {
  const { tensors } = on.memory();
  if (tensors !== expected) throw new Error(`${what}: ${tensors} tensors are alive, expected ${expected}`);
};
const expectValues = async (x: Tensor, expected: readonly number[], what: string): Promise<void> =>
  expectNumbers(await x.read(), expected, 0, what);

/** `memory/…`: what is alive, who shares storage, and what an update may overwrite. */
export const memory: Group = () => [
  [
    "memory/counts tensors and bytes",
    (on) => {
      const before = on.memory();
      using x = tensor([1, 2, 3], [3], on);
      using mask = tensor([1, 0], [2], on, "bool");
      const after = on.memory();
      if (after.tensors - before.tensors !== 2)
        throw new Error(`two uploads count as ${after.tensors - before.tensors} tensors`);
      if (after.bytes <= before.bytes) throw new Error("uploads take no bytes");
      if (!x.alive || !mask.alive) throw new Error("a fresh tensor is not alive");
    },
  ],
  [
    "memory/a scope frees all but what it returns",
    async (on) => {
      const start = on.memory().tensors;
      using x = tensor([1, 2], [2], on);
      using y = scoped(() => add(mul(x, 2), mul(x, 3)));
      expectCount(on, start + 2, "after the scope");
      await expectValues(y, [5, 10], "the result");
    },
  ],
  [
    "memory/disposing twice is harmless",
    (on) => {
      const start = on.memory().tensors;
      const [x, y] = [tensor([1], [1], on), tensor([2], [1], on)];
      x[Symbol.dispose]();
      x[Symbol.dispose]();
      expectCount(on, start + 1, "after x was disposed twice");
      y[Symbol.dispose]();
    },
  ],
  [
    "memory/a view shares storage, which lives as long as its last holder",
    async (on) => {
      const start = on.memory().tensors;
      const x = tensor([1, 2, 3, 4], [4], on);
      using view = reshape(x, [2, 2]);
      expectCount(on, start + 1, "a tensor and its view");
      x[Symbol.dispose]();
      expectCount(on, start + 1, "the view alone");
      await expectValues(view, [1, 2, 3, 4], "the view, after the tensor is gone");
    },
  ],
  [
    "memory/reading what was freed while the read waits gives the values",
    async (on) => {
      const x = tensor([1, 2, 3], [3], on);
      const reading = x.read();
      x[Symbol.dispose]();
      expectNumbers(await reading, [1, 2, 3], 0, "the read");
    },
  ],
  [
    "memory/an update changes the variable and no other holder of its tensor",
    async (on) => {
      using variable = Variable.holding(tensor([0, 0, 0, 0], [4], on));
      using piece = tensor([7, 8], [2], on);
      using alias = on.share(variable.value, variable.value.type);
      Variable.update(writeSliceOp, [variable], [piece], { axis: 0, start: 1 });
      await expectValues(variable.value, [0, 7, 8, 0], "the variable");
      await expectValues(alias, [0, 0, 0, 0], "the other holder");
    },
  ],
  [
    "memory/a read after an update gives what the update wrote",
    async (on) => {
      using variable = Variable.holding(tensor([0, 0, 0], [3], on));
      const written = [0, 0, 0];
      for (let start = 0; start < 3; start++) {
        await expectValues(variable.value, written, `the variable before update ${start}`);
        using piece = tensor([start + 5], [1], on);
        Variable.update(writeSliceOp, [variable], [piece], { axis: 0, start });
        written[start] = start + 5;
      }
      await expectValues(variable.value, written, "the variable after three updates");
    },
  ],
  [
    "memory/an update with one holder allocates nothing that stays",
    async (on) => {
      using variable = Variable.holding(tensor([0, 0, 0, 0], [4], on));
      using piece = tensor([7, 8], [2], on);
      const before = on.memory();
      for (let start = 0; start < 3; start++) Variable.update(writeSliceOp, [variable], [piece], { axis: 0, start });
      const after = on.memory();
      if (after.tensors !== before.tensors || after.bytes !== before.bytes)
        throw new Error(
          `three updates left ${after.tensors - before.tensors} tensors, ${after.bytes - before.bytes} bytes`,
        );
      await expectValues(variable.value, [7, 7, 7, 8], "the variable");
    },
  ],
  [
    "memory/a result never is an argument",
    async (on) => {
      using x = tensor([1, 2], [2], on);
      using y = reshape(x, [2]);
      if (y === x) throw new Error("reshape to its own shape returned its argument");
      y[Symbol.dispose]();
      await expectValues(x, [1, 2], "x, after its alias was disposed");
    },
  ],
  [
    "memory/a thousand steps leave nothing behind",
    async (on) => {
      using x = tensor([1, 2, 3, 4, 5], [5], on);
      const before = on.memory();
      for (let step = 0; step < 1000; step++) {
        using scope = new Scope();
        const y = scope.run(() => mul(add(x, step), 0.5));
        if (step % 100 === 0)
          await expectValues(
            y,
            [1, 2, 3, 4, 5].map((n) => (n + step) * 0.5),
            `step ${step}`,
          );
      }
      await x.read(); // whatever is queued runs first
      const after = on.memory();
      if (after.tensors !== before.tensors || after.bytes !== before.bytes)
        throw new Error(`a thousand steps left ${after.tensors - before.tensors} tensors`);
    },
  ],
];
