import { expect, test } from "vitest";

import { cpuStorage, type Data } from "./cpu/storage.ts";
import { tensor } from "./create.ts";
import { add } from "./ops/arithmetic.ts";
import { topK } from "./ops/top-k.ts";
import type { Storage } from "./kernel.ts";
import { alteredCpu } from "./testing/altered-cpu.ts";
import type { Backend } from "./backend.ts";

/** Storage that knows how many arrays have an owner. */
function counted(): { storage: () => Storage<Data>; alive: Set<Data> } {
  const inner = cpuStorage("f32");
  const alive = new Set<Data>();
  const own = (data: Data): Data => {
    alive.add(data);
    return data;
  };
  const storage: Storage<Data> = {
    ...inner,
    allocate: (type) => own(inner.allocate(type)),
    upload: (data, type) => own(inner.upload(data, type)),
    free: (data) => {
      if (!alive.delete(data)) throw new Error("freed twice");
    },
  };
  return { storage: () => storage, alive };
}

const f32 = (...shape: number[]) => ({ dtype: "f32", shape }) as const;
const forms: [string, <T>(x: () => T) => T | Promise<T>][] = [
  ["at once", (x) => x()],
  ["with a promise", async (x) => x()],
];

test.each(forms)("room that a kernel allocates beside its result, %s, is freed", async (_, form) => {
  const { storage, alive } = counted();
  const on = alteredCpu({
    storage,
    kernels: {
      add:
        () =>
        ([a, b], _attrs, call) =>
          form(() => {
            const room = call.allocate(f32(5));
            const y = call.allocate(call.output);
            call.allocate(f32(6)).fill(3);
            for (let i = 0; i < y.length; i++) y[i] = (a as Data)[i]! + (room[i] = (b as Data)[i]!);
            return y;
          }),
    },
  });
  using x = tensor([1, 2], [2], on);
  using y = add(x, x);
  expect([...(await y.read())]).toEqual([2, 4]);
  expect(alive.size).toBe(2);
});

test.each(forms)("a kernel that fails, %s, leaves nothing that it allocated", async (_, form) => {
  const { storage, alive } = counted();
  const on = alteredCpu({
    storage,
    kernels: {
      add: () => (_inputs, _attrs, call) =>
        form((): Data => {
          call.allocate(call.output);
          call.allocate(f32(7));
          throw new Error("out of registers");
        }),
    },
  });
  using x = tensor([1], [1], on);
  const failing = async (): Promise<void> => {
    using y = add(x, x);
    await y.read();
  };
  await expect(failing()).rejects.toThrow("out of registers");
  expect(alive.size).toBe(1);
});

test.each(forms)("a kernel that returns its input, alone or among several results, %s, is refused", async (_, form) => {
  const broken = (name: "add" | "topK"): Backend =>
    alteredCpu({
      kernels:
        name === "add"
          ? {
              add:
                () =>
                ([a]) =>
                  form(() => a as Data),
            }
          : {
              topK:
                () =>
                ([x], _attrs, call) =>
                  form(() => [x as Data, call.allocate(call.outputs[1]!)] as const),
            },
    });
  const first = async (): Promise<void> => {
    using x = tensor([1], [1], broken("add"));
    using y = add(x, 1);
    await y.read();
  };
  await expect(first()).rejects.toThrowErrorMatchingInlineSnapshot(
    `[BackendError: altered cpu: the kernel of add returned its input; it must return fresh storage]`,
  );
  const second = async (): Promise<void> => {
    using x = tensor([1], [1], broken("topK"));
    const [values, indices] = topK(x, 1);
    try {
      await values.read();
    } finally {
      values[Symbol.dispose]();
      indices[Symbol.dispose]();
    }
  };
  await expect(second()).rejects.toThrow("the kernel of topK returned its input");
});
