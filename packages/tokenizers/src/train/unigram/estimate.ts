import { type Expectation, ExpectedCounts } from "./expected-counts.ts";
import { Lattices } from "./lattices.ts";
import { removalLoss } from "./removal-loss.ts";

/** A piece with the natural logarithm of its probability. */
export type ScoredPiece = readonly [piece: string, logProbability: number];

/** What the estimation starts from. */
export interface UnigramStart {
  readonly words: ReadonlyMap<string, number>;
  /** The characters first. */
  readonly seeds: readonly string[];
  /** How many of the seeds are characters, which are never removed. */
  readonly characters: number;
  readonly maximumPieceLength: number;
}

/** The share of the pieces that a pruning keeps: that of SentencePiece. */
const share = 0.75;
/** A piece that is used less is removed; a character is counted as if it were used this often, so that it stays possible. */
const leastUses = 0.5;

/** Lets others have their turn, if it is time. */
type Pause = () => Promise<void> | undefined;

/** The pieces with their lattices and probabilities, while they become fewer and better. */
export class UnigramEstimate {
  readonly #weights: readonly number[];
  readonly #characters: number;
  #pieces: readonly string[];
  #words: Lattices;
  /** The pieces themselves, each written in others. */
  #own: Lattices;
  #logProbabilities: Float64Array;

  constructor({ words, seeds, characters, maximumPieceLength }: UnigramStart) {
    const ids = new Map(seeds.map((piece, id) => [piece, id]));
    this.#weights = [...words.values()];
    this.#characters = characters;
    this.#pieces = seeds;
    this.#words = Lattices.of([...words.keys()], ids, maximumPieceLength);
    this.#own = Lattices.of(seeds, ids, maximumPieceLength, true);
    this.#logProbabilities = new Float64Array(seeds.length).fill(-Math.log(seeds.length));
  }

  get size(): number {
    return this.#pieces.length;
  }

  /** The most probable first, equally probable ones in the order of the seeds. Rounded, so that no last bit decides about the order. */
  pieces(): ScoredPiece[] {
    return this.#pieces
      .map((piece, id): ScoredPiece => [piece, Math.round(this.#logProbabilities[id]! * 1e9) / 1e9])
      .sort(([, a], [, b]) => b - a);
  }

  /** The expectation step, over all words. */
  async expect(pause: Pause): Promise<Expectation> {
    const expected = new ExpectedCounts(this.#words, this.#weights, this.#logProbabilities);
    for (let word = 0; word < this.#weights.length; word++) {
      expected.add(word);
      if (word % 256 === 0) await pause();
    }
    return expected;
  }

  /** The maximisation step: p(piece) = its uses ÷ all uses. Characters get {@link leastUses} at least, and no piece gets 0. */
  maximise({ counts }: Expectation): void {
    this.#logProbabilities = counts.map((count, id) =>
      Math.log(Math.max(count, id < this.#characters ? leastUses : Number.MIN_VALUE)),
    );
    this.#normalise();
  }

  /** Removes the pieces that are hardly used, but stops where `size` are left. */
  dropUnused({ counts }: Expectation, size: number): void {
    const used = this.#removable().filter((id) => counts[id]! >= leastUses);
    if (used.length + this.#characters >= size) this.#keep(used);
    else this.#keepBest(size, (id) => counts[id]!);
  }

  /** Removes the pieces that the likelihood needs least, a quarter of all, but stops where `size` are left. */
  async prune({ counts }: Expectation, size: number, pause: Pause): Promise<void> {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const losses = new Float64Array(this.size);
    for (const id of this.#removable()) {
      losses[id] = removalLoss(this.#own, id, counts, total, this.#logProbabilities);
      if (id % 256 === 0) await pause();
    }
    this.#keepBest(Math.max(size, Math.floor(this.size * share)), (id) => losses[id]!);
  }

  #keepBest(size: number, worth: (id: number) => number): void {
    const order = this.#removable().sort((a, b) => worth(b) - worth(a) || a - b);
    this.#keep(order.slice(0, Math.max(0, size - this.#characters)));
  }

  #removable(): number[] {
    return Array.from({ length: this.size - this.#characters }, (_, index) => this.#characters + index);
  }

  #keep(removable: readonly number[]): void {
    const ids = [...Array(this.#characters).keys(), ...removable.toSorted((a, b) => a - b)];
    const renamed = new Int32Array(this.size).fill(-1);
    for (const [to, id] of ids.entries()) renamed[id] = to;
    this.#pieces = ids.map((id) => this.#pieces[id]!);
    this.#logProbabilities = Float64Array.from(ids, (id) => this.#logProbabilities[id]!);
    this.#words = this.#words.keep(renamed, [...this.#weights.keys()]);
    this.#own = this.#own.keep(renamed, ids);
    this.#normalise();
  }

  #normalise(): void {
    const total = this.#logProbabilities.reduce((sum, log) => sum + Math.exp(log), 0);
    this.#logProbabilities = this.#logProbabilities.map((log) => log - Math.log(total));
  }
}
