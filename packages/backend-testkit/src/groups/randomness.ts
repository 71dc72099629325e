import { dropout, random, scoped, uniform, type RandomKey } from "@tenon/tensor";
import { expectNumbers, place, plainUniform } from "@tenon/tensor/testing";

import type { Group } from "./group.ts";

const keys: readonly RandomKey[] = [[0, 0], [1, -1], [-(2 ** 31), 2 ** 31 - 1], random(7).fork("kit").key];

/** `random/…`: the same bits as on every other backend. */
export const randomness: Group = () => [
  [
    "random/uniform draws the same numbers everywhere, bit for bit",
    async (on) => {
      for (const key of keys) {
        for (const [length, counter] of [
          [1, 0],
          [2, 1],
          [1001, 2 ** 31 - 1],
        ] as const) {
          using x = uniform([length], key, counter, on);
          expectNumbers(await x.read(), plainUniform([length], key, counter), 0, `uniform of key ${key.join()}`);
        }
      }
    },
  ],
  [
    "random/dropout drops the same elements everywhere",
    async (on) => {
      for (const key of keys) {
        const ones = { dtype: "f32", shape: [333], data: new Array<number>(333).fill(1) } as const;
        using x = place(ones, on);
        using y = scoped(() => dropout(x, 0.3, key, 5));
        const expected = plainUniform([333], key, 5).map((u) => (u < 0.3 ? 0 : 1 / 0.7));
        expectNumbers(await y.read(), expected, 1e-6, `dropout of key ${key.join()}`);
      }
    },
  ],
];
