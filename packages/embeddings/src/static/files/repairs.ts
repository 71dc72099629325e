import { CheckpointError } from "@tenon/tensor";

/** What can be wrong with a file of vectors and be mended, and what mending does. */
const mending = {
  "byte order mark": "at the beginning: dropped",
  "carriage return": "at the end of a line: dropped",
  "invalid UTF-8": "in a word: U+FFFD in its place",
  "empty word": "the vector is left out",
  "repeated word": "the first vector is kept",
  "wrong length": "too few or too many numbers: the line is left out",
  "no number": "or one that is not finite: the vector is left out",
  "cut short": "the last vector is left out",
  "wrong count": "what is there counts, not what the header says",
  "bytes behind the last vector": "left out",
} as const;

/** A kind of damage that can be mended. */
export type Damage = keyof typeof mending;

/** How often each kind of damage was mended; what did not occur is not there. */
export type Repairs = ReadonlyMap<Damage, number>;

/**
 * What was mended in a file, a line for each kind.
 *
 * @example
 * ```ts
 * const text = new TextEncoder().encode("sun 1 0\nmoon 0.8\n");
 * const { repairs } = await readVectors(text, { repair: true });
 * console.log(describeRepairs(repairs)); // [ '1 × wrong length (too few or too many numbers: the line is left out)' ]
 * ```
 */
export function describeRepairs(repairs: Repairs): string[] {
  return [...repairs].map(([damage, count]) => `${count} × ${damage} (${mending[damage]})`);
}

/** Where damage is reported: it throws, or counts where repairs are wanted. */
export class Mender {
  readonly file: string;
  readonly repairs: Map<Damage, number> = new Map();
  readonly #repair: boolean;

  constructor(file: string, repair: boolean) {
    this.file = file;
    this.#repair = repair;
  }

  /** Damage that can be mended. Returns where that is wanted. */
  found(damage: Damage, place: string, problem: string): void {
    if (!this.#repair)
      this.refuse(place, problem, `Get the file again, or ask for \`repair\`: ${damage}, ${mending[damage]}`);
    this.repairs.set(damage, (this.repairs.get(damage) ?? 0) + 1);
  }

  /** Damage that makes the file useless. */
  refuse(place: string, problem: string, remedy: string): never {
    throw new CheckpointError(`${this.file}, ${place}: ${problem}. ${remedy}.`, { file: this.file, place });
  }
}
