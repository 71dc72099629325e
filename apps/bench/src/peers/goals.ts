// What issue and design ask of Tenon beside its peers, and what came of it.
import { roundsOf, shareOfPeak, type Comparison } from "./results.ts";
import { ratio } from "./statistics.ts";

interface Goal {
  readonly workload: string;
  readonly threads: number;
  readonly atLeast: number;
  /** What is to be so much, in words. */
  readonly says: string;
  /** How much it was; undefined where it was not measured. */
  readonly measure: (comparison: Comparison) => number | undefined;
}

const both = [1, 2];

/** So many times as fast as a peer with as many threads. */
function faster(workload: string, threads: number, peer: string, atLeast: number, tenon = "tenon"): Goal {
  return {
    workload,
    threads,
    atLeast,
    says: `${tenon} over ${peer}`,
    measure: (comparison) => quotient(comparison, [peer, threads], [tenon, threads]),
  };
}

function quotient(
  comparison: Comparison,
  slower: readonly [name: string, threads: number],
  quicker: readonly [name: string, threads: number],
): number | undefined {
  const [a, b] = [roundsOf(comparison, ...slower), roundsOf(comparison, ...quicker)];
  return a && b && ratio(a, b);
}

const product = (workload: string): Goal[] => [
  faster(workload, 1, "onnxruntime-web", 1.4),
  faster(workload, 1, "tfjs wasm", 1.5),
  faster(workload, 1, "jax-js wasm", 1.5),
  {
    workload,
    threads: 1,
    atLeast: 0.9,
    says: "part of the 128-bit peak",
    measure: (comparison) => {
      const tenon = comparison.sides.find(({ side }) => side.name === "tenon");
      return tenon && shareOfPeak(comparison, tenon);
    },
  },
  {
    workload,
    threads: 2,
    atLeast: 1.85,
    says: "2 threads over 1",
    measure: (comparison) => quotient(comparison, ["tenon", 1], ["tenon", 2]),
  },
];

const goals: readonly Goal[] = [
  ...["matmul 512×512×512", "matmul 1024×1024×1024", "matmul 128×3072×768"].flatMap(product),
  ...["onnxruntime-web", "tfjs wasm", "jax-js wasm"].map((peer) => faster("matmul 96×(128×128×64)", 1, peer, 1.6)),
  ...["encoder 1×128", "encoder 8×128"].flatMap((name) =>
    both.flatMap((threads) => [
      faster(`${name} f32`, threads, "onnxruntime-web", 1.5),
      faster(`${name} f32`, threads, "onnxruntime-web", 2.5, "tenon (revectorize)"),
      faster(`${name} 8-bit`, threads, "onnxruntime-web", 2.4),
      faster(`${name} 8-bit`, threads, "onnxruntime-node f32", 1),
    ]),
  ),
  ...both.flatMap((threads) => [
    faster("decoder f32", threads, "onnxruntime-web", 1.5),
    faster("decoder f32", threads, "onnxruntime-node", 1),
    faster("decoder 8-bit", threads, "onnxruntime-web", 4.5),
    faster("decoder 8-bit", threads, "onnxruntime-node", 1.2),
    faster("training step", threads, "PyTorch", 0.5),
  ]),
  faster("training step", 1, "jax-js wasm", 2),
  faster("training step", 1, "tfjs wasm", 12),
];

/** One goal and what was measured of it. */
export interface Judgement {
  readonly workload: string;
  readonly threads: number;
  readonly says: string;
  readonly atLeast: number;
  readonly measured: number;
}

/** Every goal that was measured. */
export function judge(comparisons: readonly Comparison[]): Judgement[] {
  return goals.flatMap(({ measure, ...goal }) => {
    const of = comparisons.find((each) => each.workload.name === goal.workload && each.threads === goal.threads);
    const measured = of && measure(of);
    return measured === undefined ? [] : [{ ...goal, measured }];
  });
}
