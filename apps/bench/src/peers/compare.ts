import { setTimeout as pause } from "node:timers/promises";

import { agreement, disagreement } from "./agreement.ts";
import { Participant, SideAbsent } from "./participant.ts";
import type { Ready } from "./protocol.ts";
import { referenceOf, type Reference } from "./reference.ts";
import type { Comparison, Outcome, SideResult } from "./results.ts";
import type { Side } from "./sides.ts";
import { operationsOf, type Workload } from "./workloads.ts";

export interface CompareOptions {
  readonly rounds: number;
  /** How long a side computes when it is its turn, in milliseconds. */
  readonly turn: number;
  /** Told what happens. */
  readonly progress: (text: string) => void;
}

/** Threads of a library may look for more work for a while after a call: the next side begins after that. */
const settle = 30;

/** A side that takes part. */
interface Entered {
  readonly side: Side;
  readonly participant: Participant;
  readonly ready: Ready;
  readonly rounds: (readonly number[])[];
}

/** Starts every side in a process of its own, checks what it computes, and lets them compute in turn, round after round. */
export async function compare(
  workload: Workload,
  threads: number,
  sides: readonly Side[],
  options: CompareOptions,
): Promise<Comparison> {
  const { rounds, turn, progress } = options;
  const reference = await referenceOf(workload);
  const outcomes = new Map<Side, Outcome>();
  let entered: Entered[] = [];
  const leave = (side: Side, outcome: Outcome): void => {
    outcomes.set(side, outcome);
    entered = entered.filter((each) => each.side !== side);
  };
  const all: Participant[] = [];
  try {
    for (const side of sides) {
      progress(`starting ${side.name}`);
      const participant = new Participant({ workload, side });
      all.push(participant);
      try {
        const ready = await participant.ready();
        const why = side.peer === "peak" ? undefined : wrong(ready, reference, side, workload);
        if (why === undefined) entered.push({ side, participant, ready, rounds: [] });
        else outcomes.set(side, { kind: "wrong", why });
      } catch (error) {
        outcomes.set(side, failure(error));
      }
      if (outcomes.has(side)) await participant.end();
    }
    for (let round = 0; round < rounds; round++) {
      progress(`round ${round + 1} of ${rounds}`);
      // Each begins a round once: whoever comes first finds the machine as it was left.
      const order = entered.map((_, i) => entered[(i + round) % entered.length]!);
      for (const { side, participant, rounds } of order) {
        await pause(settle);
        try {
          rounds.push(await participant.turn({ milliseconds: turn, calls: 1 }));
        } catch (error) {
          leave(side, failure(error));
        }
      }
    }
  } finally {
    await Promise.all(all.map((participant) => participant.end()));
  }
  for (const { side, ready, rounds } of entered) {
    outcomes.set(side, {
      kind: "measured",
      rounds,
      operations: ready.operations ?? operationsOf(workload),
      agreement: side.peer === "peak" ? undefined : agreement(reference.pick(ready.output), reference.expected),
      versions: ready.versions ?? {},
    });
  }
  return { workload, threads, sides: sides.map((side): SideResult => ({ side, outcome: outcomes.get(side)! })) };
}

const wrong = (
  { output }: Ready,
  { pick, expected }: Reference,
  { precision }: Side,
  { kind }: Workload,
): string | undefined => disagreement(pick(output), expected, precision, kind);

function failure(error: unknown): Outcome {
  const why = error instanceof Error ? error.message : String(error);
  return { kind: error instanceof SideAbsent ? "absent" : "failed", why };
}
