import { Bench } from "tinybench";

/** The median time of one call of each body, in milliseconds. Bodies run in turn within one process, after a warm-up. */
export async function medians(bodies: Readonly<Record<string, () => void>>, time = 400): Promise<Map<string, number>> {
  // At least a few runs of what takes longer than the time; the library would insist on 64.
  const bench = new Bench({ time, warmupTime: time / 2, iterations: 5 });
  for (const [name, body] of Object.entries(bodies)) bench.add(name, body);
  await bench.run();
  return new Map(
    bench.tasks.map(({ name, result }) => {
      if (result.state !== "completed") throw new Error(`the benchmark "${name}" did not finish: ${result.state}`);
      return [name, result.latency.p50];
    }),
  );
}

/** The lowest of several rounds' medians, in turn: a neighbour on the machine slows a round down, and nothing speeds one up. */
export async function lowestMedians(
  bodies: Readonly<Record<string, () => void>>,
  rounds: number,
  time: number,
): Promise<Map<string, number>> {
  const lowest = new Map<string, number>();
  for (let round = 0; round < rounds; round++)
    for (const [name, median] of await medians(bodies, time))
      lowest.set(name, Math.min(median, lowest.get(name) ?? Infinity));
  return lowest;
}
