// What one writes without a library: three loops, in the order that reads memory in a row.
import { values } from "../data.ts";
import type { Prepare } from "./prepared.ts";

export const prepare: Prepare = async (workload) => {
  if (workload.kind !== "matmul") throw new Error("plain loops compute products only");
  const { batch, m, n, k } = workload;
  const a = values("a", batch * m * k, { amplitude: 1 });
  const b = values("b", batch * k * n, { amplitude: 1 });
  const c = new Float32Array(batch * m * n);
  return {
    call: () => {
      c.fill(0);
      for (let i = 0; i < batch * m; i++) {
        const right = Math.floor(i / m) * k * n;
        for (let p = 0; p < k; p++) {
          const factor = a[i * k + p]!;
          for (let j = 0; j < n; j++) c[i * n + j]! += factor * b[right + p * n + j]!;
        }
      }
    },
    output: () => c,
  };
};
