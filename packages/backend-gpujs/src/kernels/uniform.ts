import { sizeOf } from "@tenon/tensor";

import type { Engine } from "../engine.ts";
import type { Kernels } from "./call.ts";

// Threefry-2×32 with 20 rounds (Salmon et al. 2011), as on every other backend. gpu.js knows no unsigned numbers of 32 bits, so a word is
// two floats, h and l, of 16 bits each; all that happens to them is exact.

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** Adds the word (`h`, `l`) to word i, and drops what goes beyond 32 bits. */
const added = (i: number, h: string, l: string): string => `l${i} = l${i} + ${l};
h${i} = h${i} + ${h};
if (l${i} >= 65536) { l${i} = l${i} - 65536; h${i} = h${i} + 1; }
if (h${i} >= 65536) { h${i} = h${i} - 65536; }
`;

/** Turns word 1 left, and takes the exclusive or with word 0. */
function turned(by: number): string {
  const whole = by >= 16;
  const rest = by % 16;
  const [high, low] = whole ? ["l1", "h1"] : ["h1", "l1"];
  const shift = 2 ** rest;
  const out = 2 ** (rest - 16);
  return `outH = Math.floor(${high} * ${out});
outL = Math.floor(${low} * ${out});
newH = ${high} * ${shift} - outH * 65536 + outL;
l1 = ${low} * ${shift} - outL * 65536 + outH;
h1 = newH;
h1 = h1 ^ h0;
l1 = l1 ^ l0;
`;
}

function rounds(): string {
  let code = added(0, "k0h", "k0l") + added(1, "k1h", "k1l");
  for (let group = 1; group <= 5; group++) {
    for (const by of rotations.slice(group % 2 === 1 ? 0 : 4, group % 2 === 1 ? 4 : 8))
      code += added(0, "h1", "l1") + turned(by);
    const [first, second] = [group % 3, (group + 1) % 3];
    code +=
      added(0, `k${first}h`, `k${first}l`) + added(1, `k${second}h`, `k${second}l`) + added(1, "0", String(group));
  }
  return code;
}

/** Each pair of results is one block of the cipher: the number of the pair and the counter, encrypted with the key. */
const body = `const pair = Math.floor((X + 0.5) / 2);
let h0 = Math.floor(pair * 0.0000152587890625);
let l0 = pair - h0 * 65536;
let h1 = ch;
let l1 = cl;
let outH = 0;
let outL = 0;
let newH = 0;
${rounds()}if (X - 2 * pair > 0.5) { h0 = h1; l0 = l1; }
return h0 * 0.0000152587890625 + Math.floor(l0 * 0.00390625) * 5.960464477539063e-8;`;

export function uniformTable(engine: Engine): Kernels<"uniform"> {
  return {
    uniform: (_, { key, counter }, call) => {
      const words = { k0: key[0], k1: key[1], k2: key[0] ^ key[1] ^ 0x1bd11bda, c: counter };
      const numbers: Record<string, number> = {};
      for (const [name, word] of Object.entries(words)) {
        numbers[`${name}h`] = (word >>> 16) & 0xffff;
        numbers[`${name}l`] = word & 0xffff;
      }
      return engine.run({ name: "uniform", out: [sizeOf(call.output.shape)], numbers, body });
    },
  };
}
