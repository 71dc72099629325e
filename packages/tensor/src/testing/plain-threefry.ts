import type { Shape } from "../shape.ts";

const word = 2n ** 32n;
const rotations = [
  [13n, 15n, 26n, 6n],
  [17n, 29n, 16n, 24n],
] as const;

/** Threefry-2x32-20 as the paper states it, in whole numbers of any size: x0 ← x0 + x1, x1 ← (x1 ≪≪ r) ⊕ x0, a key word every fourth round. */
export function plainThreefry(key: readonly [number, number], counter: readonly [number, number]): [number, number] {
  const unsigned = (n: number): bigint => BigInt.asUintN(32, BigInt(n));
  const keys = [unsigned(key[0]), unsigned(key[1])];
  keys.push(0x1bd11bdan ^ keys[0]! ^ keys[1]!);
  let x0 = (unsigned(counter[0]) + keys[0]!) % word;
  let x1 = (unsigned(counter[1]) + keys[1]!) % word;
  for (let round = 0; round < 20; round++) {
    const turn = rotations[Math.floor(round / 4) % 2]![round % 4]!;
    x0 = (x0 + x1) % word;
    x1 = (((x1 << turn) % word) | (x1 >> (32n - turn))) ^ x0;
    if (round % 4 !== 3) continue;
    const added = (round + 1) / 4;
    x0 = (x0 + keys[added % 3]!) % word;
    x1 = (x1 + keys[(added + 1) % 3]! + BigInt(added)) % word;
  }
  return [Number(x0), Number(x1)];
}

/** What the op `uniform` must give: the top 24 bits of each word of blocks (0, counter), (1, counter), … */
export function plainUniform(shape: Shape, key: readonly [number, number], counter: number): number[] {
  const n = shape.reduce((product, size) => product * size, 1);
  return Array.from(
    { length: n },
    (_, i) => Math.floor(plainThreefry(key, [Math.floor(i / 2), counter])[i % 2]! / 256) / 2 ** 24,
  );
}
