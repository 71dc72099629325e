// gpu.js used naively and Tenon's backend in one mode of gpu.js, in turn, with two more for scale. Runs in Node and in a page.
import { gpujs } from "@tenon/backend-gpujs";
import { wasm } from "@tenon/backend-wasm";
import { cpu, isTenonError } from "@tenon/tensor";

import { naive, ours, profiled, type Running, type Setting } from "./sides.ts";

/** What is to be compared. */
export interface Contest extends Setting {
  readonly rounds: number;
  /** Is the time of each op of Tenon's backend asked for, too? */
  readonly profile: boolean;
}
/** The names of the sides. */
export const sideNames = ["gpu.js naive", "tenon gpujs", "tenon wasm", "tenon cpu"] as const;
export type SideName = (typeof sideNames)[number];

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

interface Entered {
  readonly name: SideName;
  readonly running: Running;
  first: number;
  readonly samples: number[];
  result: Float32Array;
}

/** All sides compute the same, in turn, in this process. `progress` is told what happens. */
export async function compete(contest: Contest, progress: (text: string) => void): Promise<Outcome> {
  const { mode, threads, rounds } = contest;
  const make: { readonly [N in SideName]: () => Promise<Running> } = {
    "gpu.js naive": () => naive(contest),
    "tenon gpujs": async () => ours(await gpujs({ mode, threads }), contest),
    "tenon wasm": async () => ours(await wasm({ threads }), contest),
    "tenon cpu": () => ours(cpu(), contest),
  };
  const entered: Entered[] = [];
  try {
    // What a mode needs, Tenon's backend looks for.
    for (const name of ["tenon gpujs", "gpu.js naive", "tenon wasm", "tenon cpu"] as const) {
      progress(`making ${name}`);
      let running: Running;
      try {
        running = await make[name]();
      } catch (error) {
        if (name === "tenon gpujs" && isTenonError(error, "BackendError"))
          return { kind: "absent", why: error.message };
        throw error;
      }
      entered.push({ name, running, first: 0, samples: [], result: new Float32Array() });
    }
    for (const side of entered) {
      progress(`first forward of ${side.name}`);
      const began = performance.now();
      const result = await side.running.forward();
      side.first = performance.now() - began;
      side.result = side.running.flat(result);
    }
    for (let round = 0; round < rounds; round++) {
      progress(`round ${round + 1} of ${rounds}`);
      for (let i = 0; i < entered.length; i++) {
        // Each begins a round once: whoever comes first finds the machine as it was left.
        const side = entered[(i + round) % entered.length]!;
        const began = performance.now();
        const result = await side.running.forward();
        side.samples.push(performance.now() - began);
        if (round === rounds - 1) side.result = side.running.flat(result);
      }
    }
  } catch (error) {
    return { kind: "failed", why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    for (const { running } of entered) await running.close();
  }
  const reference = entered.find(({ name }) => name === "tenon cpu")!.result;
  const sides = sideNames.map((name): SideResult => {
    const { first, samples, result } = entered.find((side) => side.name === name)!;
    return { name, first, samples, difference: largestDifference(result, reference) };
  });
  if (!contest.profile) return { kind: "measured", sides };
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
