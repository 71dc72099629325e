import type { Followed } from "../constraints/follow.ts";
import { emptyBeam, extended, type Beam, type EndedBeam, type Expansion } from "./beam.ts";
import type { StopWhen } from "./beam-options.ts";
import type { BeamScore } from "./beam-score.ts";
import { NBest } from "./n-best.ts";
import { ranked } from "./ranked.ts";

/** What a group goes by. */
export interface GroupRules {
  /** How many beams live at most, and how many that have ended are kept. */
  readonly size: number;
  readonly score: BeamScore;
  readonly stopWhen: StopWhen;
  readonly stopIds: ReadonlySet<number>;
  readonly followed: Followed | undefined;
  /** The most tokens of a hypothesis. */
  readonly room: number;
}

/** Beams that compete with one another: all of them, or those of one group of a diverse search. */
export class BeamGroup {
  readonly #rules: GroupRules;
  readonly #ended: NBest;
  /** The best first. */
  live: readonly Beam[] = [emptyBeam];
  done = false;

  constructor(rules: GroupRules) {
    this.#rules = rules;
    this.#ended = new NBest(rules.size, rules.score);
  }
  get ended(): readonly EndedBeam[] {
    return this.#ended.kept;
  }

  /** Goes on by one token: of all that the live beams may become, the best live on, and what ends is kept if it is among the best. */
  advance(expansions: readonly Expansion[]): void {
    const { size, stopIds } = this.#rules;
    const vocabulary = expansions[0]!.scores.length;
    const sums = new Float64Array(expansions.length * vocabulary);
    for (const [row, { beam, scores }] of expansions.entries())
      for (let id = 0; id < vocabulary; id++) sums[row * vocabulary + id] = beam.sum + scores[id]!;

    const live: Beam[] = [];
    let best = -Infinity;
    let rank = 0;
    for (const index of ranked(sums, (1 + stopIds.size) * size)) {
      const id = index % vocabulary;
      const beam = extended(expansions[Math.floor(index / vocabulary)]!, id);
      const ending = this.#endingOf(beam, id);
      if (rank === 0) best = beam.sum;
      if (ending === undefined) live.push(beam);
      else if (rank < size) this.#ended.add(beam, ending); // one that is not among the best must not end early and win by that
      rank++;
      if (live.length === size) break;
    }
    this.live = live;
    this.done = live.length === 0 || this.#ended.beats(this.#attainable(best, expansions[0]!.beam.ids.length + 1));
  }

  /** Ends the beams that are still alive; a group that is done has decided without them. */
  cut(reason: EndedBeam["stopReason"]): void {
    if (!this.done) for (const beam of this.live) this.#ended.add(beam, reason);
    this.done = true;
  }

  #endingOf(beam: Beam, id: number): "token" | "constraint" | undefined {
    if (this.#rules.stopIds.has(id)) return "token";
    return this.#rules.followed?.ended(beam.ids) === true ? "constraint" : undefined;
  }

  /** What a beam with this sum may still come to. */
  #attainable(sum: number, length: number): number {
    const { score, stopWhen, room } = this.#rules;
    if (stopWhen === "enough") return -Infinity;
    const now = score.score(sum, length);
    return stopWhen === "unlikely" ? now : Math.max(now, score.score(sum, room));
  }
}
