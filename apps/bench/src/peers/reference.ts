import { values } from "./data.ts";
import { Participant } from "./participant.ts";
import type { Matmul, Workload } from "./workloads.ts";

/** Picks what is compared from an output, and gives what it should be. */
export interface Reference {
  readonly pick: (output: Float32Array) => Float32Array;
  readonly expected: ArrayLike<number>;
}

const models = new Map<string, Promise<Float32Array>>();

/** What a workload should give, in double precision. A model's is computed once, whatever the precision of those compared with it. */
export async function referenceOf(workload: Workload): Promise<Reference> {
  if (workload.kind === "matmul") return product(workload);
  const { name: _, precision: __, ...task } = workload;
  const key = JSON.stringify(task);
  const known = models.get(key) ?? model(workload);
  models.set(key, known);
  return { pick: (output) => output, expected: await known };
}

async function model(workload: Workload): Promise<Float32Array> {
  const side = { name: "reference", peer: "tenon", module: "reference", threads: 1, precision: "f32" } as const;
  const participant = new Participant({ workload, side });
  try {
    return (await participant.ready()).output;
  } finally {
    await participant.end();
  }
}

/** A thousand elements, here and there: all would take longer than the benchmark. */
function product({ batch, m, n, k }: Matmul): Reference {
  const [a, b] = [values("a", batch * m * k, { amplitude: 1 }), values("b", batch * k * n, { amplitude: 1 })];
  const size = batch * m * n;
  const places = Array.from({ length: Math.min(1000, size) }, (_, i) => (i * 7_368_787) % size);
  const expected = places.map((place) => {
    const [row, column] = [Math.floor(place / n), place % n];
    const right = Math.floor(row / m) * k * n + column;
    let sum = 0;
    for (let i = 0; i < k; i++) sum += a[row * k + i]! * b[right + i * n]!;
    return sum;
  });
  return {
    // A result of another size is handed on as it is, to be refused.
    pick: (output) => (output.length === size ? Float32Array.from(places, (place) => output[place]!) : output),
    expected,
  };
}
