// The waves that tell a transformer where a word is: a line for each position, a column for each
// element, dark where it is 1 and empty where it is −1. And what two positions have in common, their
// dot product, which depends on how far apart they are and not on where.
import { Extent, SinusoidalPosition } from "@tenon/positional";
import { cpu } from "@tenon/tensor";

const [t, d] = [16, 32];
const position = new SinusoidalPosition({ width: d });
const table = await position.embed(new Extent({ offset: 0, length: t, backend: cpu() })).read();
const row = (p: number): number[] => [...table.slice(p * d, (p + 1) * d)];
for (let p = 0; p < t; p++)
  console.log(
    `${String(p).padStart(2)} ${row(p)
      .map((x) => " ░▒▓█"[Math.round(2 * x + 2)])
      .join("")}`.trimEnd(),
  );

const common = (a: number, b: number): string =>
  row(a)
    .reduce((sum, x, i) => sum + x * row(b)[i]!, 0)
    .toFixed(2);
for (const n of [0, 1, 2, 4, 8]) console.log(`${n} apart: ${common(0, n)}, ${common(3, 3 + n)}, ${common(7, 7 + n)}`);

// prints:
//  0 ▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█
//  1 █▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█
//  2 █░█▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█
//  3 ▒ █▒█▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█
//  4  ░█░█▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█
//  5  ▓▓ █▒█▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█
//  6 ░█▒ █░█▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█
//  7 ▓█░░█░█▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█▒█
//  8 █▒ ▒▓ █▒▓▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█
//  9 ▓  ▓▓ █▒█▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█
// 10 ░ ░█▒ █▒█▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█
// 11  ▒▒█░ █░█▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█
// 12 ░█▓█░ █░█▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█
// 13 ▓██▓ ░▓░█▓▓▓▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█
// 14 █▒█▒ ░▓ █▒▓▓▓█▒█▒█▒█▒█▒█▒█▒█▒█▒█
// 15 ▓ █░ ▒▓ █▒▓▓▓█▓█▒█▒█▒█▒█▒█▒█▒█▒█
// 0 apart: 16.00, 16.00, 16.00
// 1 apart: 15.31, 15.31, 15.31
// 2 apart: 13.73, 13.73, 13.73
// 4 apart: 11.66, 11.66, 11.66
// 8 apart: 10.52, 10.52, 10.52
