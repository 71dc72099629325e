// gpu.js used naively and Tenon's backend in one mode of gpu.js, in turn, with two more for scale. Runs in Node and in a page.
import { enter, ModeAbsent, profiled, sideNames, type Setting, type Side, type SideName } from "./sides.ts";

/** What is to be compared. */
export interface Contest extends Setting {
  readonly rounds: number;
  /** Is the time of each op of Tenon's backend asked for, too? */
  readonly profile: boolean;
}
export interface SideResult {
  readonly name: SideName;
  /** What the first forward took, compilation included, in milliseconds. */
  readonly first: number;
  /** What each later one took. */
  readonly samples: readonly number[];
  /** The largest difference of a hidden state to that of `cpu`. */
  readonly difference: number;
}
export type Outcome =
  | {
      readonly kind: "measured";
      readonly sides: readonly SideResult[];
      /** What the processor, or the graphics device, is called where the mode knows. */
      readonly device?: string | undefined;
      readonly profile?: string | undefined;
    }
  /** Not to be had here, which is no failure. */
  | { readonly kind: "absent"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

/** Threads may look for more work for a while after a forward: the next side begins after that, in milliseconds. */
const settle = 30;

interface Entered {
  readonly name: SideName;
  readonly side: Side;
  first: number;
  readonly samples: number[];
  result: Float32Array;
}

/** All sides compute the same, in turn, in this process. `progress` is told what happens. */
export async function compete(contest: Contest, progress: (text: string) => void): Promise<Outcome> {
  const entered: Entered[] = [];
  try {
    // What a mode needs, Tenon's backend looks for.
    for (const name of ["tenon gpujs", "gpu.js naive", "tenon wasm", "tenon cpu"] as const) {
      progress(`making ${name}`);
      entered.push({ name, side: await enter(name, contest), first: 0, samples: [], result: new Float32Array() });
    }
    for (const each of entered) {
      progress(`first forward of ${each.name}`);
      each.first = (await each.side.forward()).time;
    }
    for (let round = 0; round < contest.rounds; round++) {
      progress(`round ${round + 1} of ${contest.rounds}`);
      for (let i = 0; i < entered.length; i++) {
        // Each begins a round once: whoever comes first finds the machine as it was left.
        const each = entered[(i + round) % entered.length]!;
        await new Promise((resolve) => setTimeout(resolve, settle));
        const { time, result } = await each.side.forward();
        each.samples.push(time);
        each.result = result;
      }
    }
  } catch (error) {
    if (error instanceof ModeAbsent) return { kind: "absent", why: error.message };
    return { kind: "failed", why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    for (const { side } of entered) await side.close();
  }
  const reference = entered.find(({ name }) => name === "tenon cpu")!.result;
  const sides = sideNames.map((name): SideResult => {
    const { first, samples, result } = entered.find((each) => each.name === name)!;
    return { name, first, samples, difference: largestDifference(result, reference) };
  });
  // In WebGL 2 a kernel's time would be that of queueing it.
  if (!contest.profile || contest.mode === "webgl2") return { kind: "measured", sides };
  progress("measuring each op");
  return { kind: "measured", sides, profile: await profiled(contest) };
}

/** NaN where anything is, and where one has other numbers than the other. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return NaN;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
