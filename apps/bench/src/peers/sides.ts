import { operationsOf, type Precision, type Workload } from "./workloads.ts";

/** The libraries, by the names that `--peers` takes. */
export const peerNames = [
  "tenon",
  "ort-web",
  "ort-node",
  "transformers",
  "tfjs",
  "jax",
  "gpu",
  "loops",
  "pytorch",
] as const;
export type PeerName = (typeof peerNames)[number];

/** What differs between two sides of one library. */
export type Variant = "plain SIMD" | "copied in and out" | "revectorize" | "f32 activations" | "cpu";

/** One row of a comparison: a library with its threads, in a process of its own. */
export interface Side {
  readonly name: string;
  readonly peer: PeerName | "peak";
  /** The file in `sides/` that knows how. */
  readonly module: string;
  readonly threads: number;
  readonly precision: Precision;
  readonly variant?: Variant;
}

/** What the peak is called among the sides. */
export const peakName = "128-bit peak";

/** Peers that need more than a second for more operations than these. */
const mostForSlow = 0.3e9;

/** Everybody who can do a workload with so many threads. */
export function sidesFor(workload: Workload, threads: number): Side[] {
  const { precision } = workload;
  const sides: Side[] = [];
  const add = (name: string, peer: Side["peer"], module: string, more: Partial<Side> = {}): void => {
    sides.push({
      name: more.variant === undefined ? name : `${name} (${more.variant})`,
      peer,
      module,
      threads,
      precision,
      ...more,
    });
  };
  const one = threads === 1;
  const f32 = precision === "f32";

  add("tenon", "tenon", "tenon");
  if (f32) add("tenon", "tenon", "tenon", { variant: "revectorize" });
  else add("tenon", "tenon", "tenon", { variant: "f32 activations" });
  if (workload.kind === "matmul") {
    add("tenon", "tenon", "tenon", { variant: "plain SIMD" });
    add("tenon", "tenon", "tenon", { variant: "copied in and out" });
  }
  // None of these trains outside of a browser, or at all.
  if (workload.kind !== "training") {
    add("onnxruntime-web", "ort-web", "ort");
    add("onnxruntime-node", "ort-node", "ort");
  }
  // What 8-bit weights have to be as fast as.
  if (!f32 && workload.kind === "encoder") add("onnxruntime-node f32", "ort-node", "ort", { precision: "f32" });
  if (workload.kind === "encoder") add("transformers.js", "transformers", "transformers");
  if (f32 && one) {
    // Neither has threads in Node.
    add("tfjs wasm", "tfjs", "tfjs");
    add("jax-js wasm", "jax", "jax");
  }
  if (f32) add("PyTorch", "pytorch", "pytorch");
  const operations = operationsOf(workload);
  if (operations !== undefined && one) {
    if (operations <= mostForSlow) {
      add("tfjs", "tfjs", "tfjs", { variant: "cpu" });
      if (workload.kind === "matmul" && workload.batch === 1) add("gpu.js cpu", "gpu", "gpu");
      add("plain loops", "loops", "loops");
    }
  }
  // What more threads are worth.
  if (!one) add("tenon", "tenon", "tenon", { threads: 1 });
  if (operations !== undefined) add(peakName, "peak", "peak", { threads: 1 });
  return sides;
}
