import { expect, test } from "vitest";

import type { Learned } from "../learner.ts";
import type { Listener, StartWorker, WorkerStart } from "./start-worker.ts";
import { workerCrew } from "./worker-crew.ts";

/** Workers that do nothing until the test says so. */
function puppets(count: number) {
  const workers: { listener: Listener; bytes: number[]; isStopped: boolean }[] = [];
  const start: StartWorker = (_, listener) => {
    const worker = { listener, bytes: [] as number[], isStopped: false };
    workers.push(worker);
    return { learn: (bytes) => worker.bytes.push(bytes[0]!), stop: () => (worker.isStopped = true) };
  };
  const starts = Array.from({ length: count }, () => ({}) as WorkerStart);
  return { workers, crew: workerCrew(starts, start) };
}
const chunk = (n: number): Uint8Array<ArrayBuffer> => Uint8Array.of(n);
const rates = { first: 1, last: 1 };
const learned = (words: number): Learned => ({ words, examples: 0, loss: 0 });

test("chunks go to the worker that has the least to do, and wait where all have enough", async () => {
  const { workers, crew } = puppets(2);
  const results: Promise<Learned>[] = [];
  for (let n = 0; n < 4; n++) {
    await crew.ready();
    results.push(crew.learn(chunk(n), rates));
  }
  expect(workers.map(({ bytes }) => bytes)).toEqual([
    [0, 2],
    [1, 3],
  ]);
  let isReady = false;
  const ready = crew.ready().then(() => (isReady = true));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isReady).toBe(false);
  workers[1]!.listener.answered(learned(10));
  await ready;
  expect(await results[1]).toEqual(learned(10));
  void crew.learn(chunk(4), rates);
  expect(workers[1]!.bytes).toEqual([1, 3, 4]);
  crew.close();
  expect(workers.every(({ isStopped }) => isStopped)).toBe(true);
});

test("a worker that dies is an error for what is under way and for what comes after, and nobody waits for it", async () => {
  const { workers, crew } = puppets(1);
  const results = [crew.learn(chunk(0), rates), crew.learn(chunk(1), rates)];
  const ready = crew.ready();
  workers[0]!.listener.failed("a worker ended with code 1");
  const message =
    "training: a worker ended with code 1, so the training cannot go on. Where it keeps checkpoints, start it again: it goes on from the last one.";
  for (const result of [...results, crew.learn(chunk(2), rates)])
    await expect(result).rejects.toMatchObject({ name: "BackendError", message });
  await ready;
});
