import { fixed } from "./fixed.ts";

/** The parts of a {@link ChrfScore}. */
export interface ChrfParts {
  /** `chrF2`, `chrF2++`: beta, and a plus for each order of words. */
  readonly name: string;
  /** From 0 to 100. */
  readonly score: number;
  /** How the score was made, in sacreBLEU's form. */
  readonly signature: string;
}

/**
 * A chrF score. As text it reads as sacreBLEU prints it.
 *
 * @example
 * ```ts
 * const score: ChrfScore = chrf(["the cat sat on the mat"], ["the cat is on the mat"]);
 * console.log(`${score}`); // chrF2 = 64.58
 * console.log(score.signature); // nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:tenon-0.1.0
 * ```
 */
export class ChrfScore implements ChrfParts {
  readonly name: string;
  readonly score: number;
  readonly signature: string;

  constructor({ name, score, signature }: ChrfParts) {
    this.name = name;
    this.score = score;
    this.signature = signature;
  }

  toString(): string {
    return `${this.name} = ${fixed(this.score, 2)}`;
  }
}
