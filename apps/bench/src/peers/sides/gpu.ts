// gpu.js where it has no GPU: the kernel as a JavaScript function.
import { values } from "../data.ts";
import { loadPeer } from "../peer-packages.ts";
import type { Prepare } from "./prepared.ts";

interface Kernel {
  (a: readonly Float32Array[], b: readonly Float32Array[]): readonly Float32Array[];
}
interface GpuJs {
  readonly GPU: new (options: { readonly mode: "cpu" }) => {
    createKernel(body: (...inputs: never) => number): {
      setOutput(size: readonly number[]): { setConstants(constants: Readonly<Record<string, number>>): Kernel };
    };
  };
}
/** What a kernel's `this` is. */
interface Thread {
  readonly thread: { readonly x: number; readonly y: number };
  readonly constants: { readonly k: number };
}

export const prepare: Prepare = async (workload) => {
  if (workload.kind !== "matmul" || workload.batch !== 1)
    throw new Error("gpu.js computes products of two matrices only");
  const { m, n, k } = workload;
  const { GPU } = (await loadPeer<{ readonly default: GpuJs }>("gpu.js")).default;
  const kernel = new GPU({ mode: "cpu" })
    .createKernel(function (this: Thread, a: readonly Float32Array[], b: readonly Float32Array[]) {
      let sum = 0;
      for (let i = 0; i < this.constants.k; i++) {
        sum += a[this.thread.y]![i]! * b[i]![this.thread.x]!;
      }
      return sum;
    })
    .setOutput([n, m])
    .setConstants({ k });
  const rows = (name: string, count: number, width: number): Float32Array[] => {
    const all = values(name, count * width, { amplitude: 1 });
    return Array.from({ length: count }, (_, i) => all.slice(i * width, (i + 1) * width));
  };
  const [a, b] = [rows("a", m, k), rows("b", k, n)];
  let c: readonly Float32Array[] = [];
  return {
    call: () => {
      c = kernel(a, b);
    },
    output: () => Float32Array.from(c.flatMap((row) => [...row])),
  };
};
