// Rotary positions: a score depends on how far apart query and key are, and on nothing
// else. And what becomes of the angles in a text longer than those of the training.
import { dynamicNtkScaling, Extent, linearScaling, RotaryPosition, yarnScaling } from "@tenon/positional";
import { cpu, matmul, random, tensor, transpose } from "@tenon/tensor";

const [width, on, dice] = [8, cpu(), random(2)];
const content = (): number[] => Array.from({ length: width }, () => dice.normal());
const [query, key] = [content(), content()];

// The same query and the same key at every position of a text, turned; all scores of the
// one with the other, [t, t].
const length = 12;
const { rotate } = new RotaryPosition({ width }).at(new Extent({ offset: 0, length, backend: on }));
const everywhere = (row: number[]) =>
  rotate(tensor(Array<number[]>(length).fill(row).flat(), [1, 1, length, width], on));
const scores = await matmul(everywhere(query), transpose(everywhere(key))).read();
const score = (from: number, to: number): string => scores[from * length + to]!.toFixed(3);
console.log("three back, from 3, 5 and 11:", score(3, 0), score(5, 2), score(11, 8));
console.log("from 11, 0 to 4 back:", [11, 10, 9, 8, 7].map((to) => score(11, to)).join(" "));

// How often each pair turns within a text: full circles, after training on 64 positions, in
// a text of 256.
const [context, long] = [64, 256];
const scalings = {
  "as trained": undefined,
  "÷ 4": linearScaling(4),
  "dynamic NTK": dynamicNtkScaling({ factor: 1, context }),
  YaRN: yarnScaling({ factor: 4, context }),
};
const turns = (position: RotaryPosition, t: number): string =>
  position
    .rotation(t)
    .frequencies.map((frequency) => ((frequency * t) / (2 * Math.PI)).toFixed(2))
    .join(" ");
const wide = 16;
console.log(`turns in ${context}: ${turns(new RotaryPosition({ width: wide }), context)}`);
for (const [name, scaling] of Object.entries(scalings))
  console.log(`turns in ${long}, ${name}: ${turns(new RotaryPosition({ width: wide, scaling }), long)}`);

// prints:
// three back, from 3, 5 and 11: 2.376 2.376 2.376
// from 11, 0 to 4 back: 3.885 0.250 -0.429 2.376 5.974
// turns in 64: 10.19 3.22 1.02 0.32 0.10 0.03 0.01 0.00
// turns in 256, as trained: 40.74 12.88 4.07 1.29 0.41 0.13 0.04 0.01
// turns in 256, ÷ 4: 10.19 3.22 1.02 0.32 0.10 0.03 0.01 0.00
// turns in 256, dynamic NTK: 40.74 10.57 2.74 0.71 0.18 0.05 0.01 0.00
// turns in 256, YaRN: 40.74 9.66 2.04 0.32 0.10 0.03 0.01 0.00
