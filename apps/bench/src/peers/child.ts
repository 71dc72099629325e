// One side in a process of its own: makes itself ready, then computes for a turn whenever it is told to.
import type { Prepare, Prepared } from "./sides/prepared.ts";
import type { Answer, Order, Task } from "./protocol.ts";

const { workload, side } = JSON.parse(process.argv[2]!) as Task;
const answer = (message: Answer): Promise<void> =>
  new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()));

/** Long enough for an engine to have compiled what is hot. */
const warmUp = { milliseconds: 500, calls: 3 };

try {
  const { prepare } = (await import(`./sides/${side.module}.ts`)) as { prepare: Prepare };
  const prepared = await prepare(workload, side);
  await turn(prepared, warmUp);
  const { operations, versions } = prepared;
  await answer({ kind: "ready", output: await prepared.output(), operations, versions });
  // What was needed to make it ready: half a dozen models of a gigabyte wait side by side.
  (globalThis as { gc?: () => void }).gc?.();
  process.on("message", (order: Order) => {
    turn(prepared, order).then((samples) => answer({ kind: "samples", samples }), fail);
  });
  // The parent is gone, or done.
  process.once("disconnect", () => process.exit(0));
} catch (error) {
  await fail(error);
}

async function turn(prepared: Prepared, { milliseconds, calls }: Order): Promise<number[]> {
  if (prepared.turn !== undefined) return prepared.turn(milliseconds, calls);
  const samples: number[] = [];
  for (let spent = 0; spent < milliseconds || samples.length < calls; spent += samples.at(-1)!) {
    prepared.before?.();
    const started = performance.now();
    // Awaiting what is no promise would count a turn of the event loop.
    const pending = prepared.call();
    if (pending !== undefined) await pending;
    samples.push(performance.now() - started);
  }
  return samples;
}

async function fail(error: unknown): Promise<void> {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  await answer(name === "NotHere" ? { kind: "absent", message } : { kind: "failed", message: stack ?? message });
  process.exit(0);
}
