// Levels [n, k] in the order in which the kernels of multiply-levels.ts read them: panels of eight rows of the weight; in a panel one
// group after the other; for each group eight sums to begin with, which take the zero of the activations away, then step by step
// (dot-levels.ts) the levels of all eight. Of 4 bits a byte holds levels of two steps, signed, so that no 8 is to be subtracted.
import { i32, type Value, word32 } from "@tenon/wasm-assembler";

import type { Block, PackedLevels } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel, type KernelFunc } from "../kernel.ts";
import { dotForm, type DotForm } from "./dot-levels.ts";
import type { Bits } from "./levels.ts";
import { panelsOf } from "./panels.ts";

/** Bytes of the eight sums that a group begins with. */
export const sumsBytes = 32;

/** Bytes of one group of eight rows, its sums included. */
export const groupBytes = (bits: Bits, group: number): number => sumsBytes + bits * group;

const fields = { from: "i32", to: "i32", ids: "i32", n: "i32", k: "i32", groups: "i32" } as const;

/** Levels of one row that one word of the packed order holds: those of a step, or of two. */
const inWord = (bits: Bits, { step }: DotForm): number => (bits === 8 ? step : 2 * step);

/** Of each half-byte its sign bit. */
const signs = 0x88888888 | 0;
/** Half-bytes 0 to 3 of a word, each in the low half of a byte of its own. */
function spread(f: KernelFunc, x: Value<"i32">): Value<"i32"> {
  const halves = f.let(i32.and(i32.or(x, word32.shl(x, 8)), 0x00ff00ff));
  return i32.and(i32.or(halves, word32.shl(halves, 4)), 0x0f0f0f0f);
}
/** The way back. */
function gathered(f: KernelFunc, x: Value<"i32">): Value<"i32"> {
  const pairs = f.let(i32.and(i32.or(x, word32.shr(x, 4)), 0x00ff00ff));
  return i32.and(i32.or(pairs, word32.shr(pairs, 8)), 0xffff);
}

/** A word of neighbouring levels of a row → as it is packed. Of two-level steps only the low 16 bits count. */
function packWord(f: KernelFunc, word: Value<"i32">, bits: Bits, { step }: DotForm): Value<"i32"> {
  if (bits === 8) return word;
  const signed = f.let(i32.xor(word, signs));
  if (step === 4) return i32.or(spread(f, i32.and(signed, 0xffff)), word32.shl(spread(f, word32.shr(signed, 16)), 4));
  return i32.or(spread(f, i32.and(signed, 0xff)), word32.shl(spread(f, i32.and(word32.shr(signed, 8), 0xff)), 4));
}
function unpackWord(f: KernelFunc, word: Value<"i32">, bits: Bits, { step }: DotForm): Value<"i32"> {
  if (bits === 8) return word;
  const low = f.let(gathered(f, f.let(i32.and(word, 0x0f0f0f0f))));
  const high = f.let(gathered(f, f.let(i32.and(word32.shr(word, 4), 0x0f0f0f0f))));
  return i32.xor(i32.or(low, word32.shl(high, 4 * step)), signs);
}

const loadWord = ({ step }: DotForm, at: Value<"i32">): Value<"i32"> => (step === 4 ? i32.load(at) : i32.load16(at));
const storeAs = ({ step }: DotForm) => (step === 4 ? "i32" : "i32 as 16 bits");

/** Rows of levels → panels; a unit is a panel. Rows beyond the last are zeros. */
const packLevels = (bits: Bits): Kernel<typeof fields> =>
  kernel(`packLevels${bits}`, fields, (f, { from, to, n, k, groups }, part) => {
    const form = dotForm(f.target);
    const wordBytes = form.step; // of bytes that hold one or two levels each
    const [panel, g, j, i, row, out, sum, at, word] = f.locals("i32", 9);
    const group = f.let(i32.div(k, groups));
    const rowBytes = f.let(bits === 8 ? k : i32.shr(k, 1));
    const words = f.let(i32.div(group, inWord(bits, form)));
    const bytes = f.let(i32.add(i32.mul(group, bits), sumsBytes));
    const each = f.let(i32.div(rowBytes, groups));
    f.for(panel, part.from, part.to, 1, () =>
      f.for(g, 0, groups, 1, () => {
        const start = f.let(i32.add(to, i32.mul(i32.add(i32.mul(panel, groups), g), bytes)));
        f.for(j, 0, 8, 1, () => {
          row.set(i32.add(i32.shl(panel, 3), j));
          at.set(i32.add(i32.add(from, i32.mul(row, rowBytes)), i32.mul(g, each)));
          out.set(i32.add(i32.add(start, sumsBytes), i32.mul(j, wordBytes)));
          sum.set(i32.of(0));
          f.for(i, 0, words, 1, () => {
            f.if(
              i32.lt(row, n),
              () => {
                word.set(packWord(f, f.let(loadWord(form, at)), bits, form));
                // The levels of the word, times 16 for 4 bits, as they will be multiplied.
                for (let b = 0; b < wordBytes; b++) {
                  const low = word32.shrSigned(word32.shl(word, 24 - 8 * b), 24);
                  if (bits === 8) sum.set(i32.add(sum, low));
                  else {
                    sum.set(i32.add(sum, i32.and(low, -16)));
                    sum.set(i32.add(sum, i32.shl(word32.shrSigned(word32.shl(word, 28 - 8 * b), 28), 4)));
                  }
                }
              },
              () => word.set(i32.of(0)),
            );
            f.store(storeAs(form), out, word);
            at.set(i32.add(at, wordBytes));
            out.set(i32.add(out, 8 * wordBytes));
          });
          f.store("i32", element(start, j, 2), i32.mul(sum, 0 - form.zero));
        });
      }),
    );
  });

/** Panels → rows of levels: those that `ids` lists, or all in order where it is 0. A unit is a row. */
const unpackLevels = (bits: Bits): Kernel<typeof fields> =>
  kernel(`unpackLevels${bits}`, fields, (f, { from, to, ids, k, groups }, part) => {
    const form = dotForm(f.target);
    const wordBytes = form.step;
    const [unit, row, g, i, at, out] = f.locals("i32", 6);
    const group = f.let(i32.div(k, groups));
    const words = f.let(i32.div(group, inWord(bits, form)));
    const bytes = f.let(i32.add(i32.mul(group, bits), sumsBytes));
    f.for(unit, part.from, part.to, 1, () => {
      row.set(unit);
      f.if(ids, () => row.set(i32.load(element(ids, unit, 2))));
      out.set(i32.add(to, bits === 8 ? i32.mul(unit, k) : i32.mul(unit, i32.shr(k, 1))));
      f.for(g, 0, groups, 1, () => {
        at.set(i32.add(from, i32.mul(i32.add(i32.mul(i32.shr(row, 3), groups), g), bytes)));
        at.set(i32.add(i32.add(at, sumsBytes), i32.mul(i32.and(row, 7), wordBytes)));
        f.for(i, 0, words, 1, () => {
          f.store(storeAs(form), out, unpackWord(f, f.let(loadWord(form, at)), bits, form));
          at.set(i32.add(at, 8 * wordBytes));
          out.set(i32.add(out, wordBytes));
        });
      });
    });
  });

const pack = { q8: packLevels(8), q4: packLevels(4) };
const unpack = { q8: unpackLevels(8), q4: unpackLevels(4) };
export const packLevelsKernels: readonly Kernel[] = [pack.q8, pack.q4, unpack.q8, unpack.q4];

const bitsOf = { q8: 8, q4: 4 } as const;

/** Keeps levels [n, k] in panels from now on, in place of their rows. */
export function packLevelsBlock(engine: Engine, block: Block, levels: PackedLevels): void {
  const { memory } = engine;
  const { dtype, n, k, groups } = levels;
  const region = memory.allocate(panelsOf(n) * groups * groupBytes(bitsOf[dtype], k / groups));
  engine.run(
    pack[dtype],
    { from: block.region.at, to: region.at, ids: 0, n, k, groups },
    panelsOf(n),
    Math.ceil(8000 / k),
  );
  memory.release(block.region);
  block.region = region;
  block.levels = levels;
}

/** Writes rows of packed levels to an address: those that `ids` lists, or all in order where it is 0. */
export function unpackLevelRows(engine: Engine, block: Block, ids: number, rows: number, to: number): void {
  const { dtype, n, k, groups } = block.levels!;
  engine.run(unpack[dtype], { from: block.region.at, to, ids, n, k, groups }, rows, Math.ceil(64_000 / k));
}
