import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";

import { afterEach, expect, test, vi } from "vitest";
import { i32 } from "@tenon/wasm-assembler";

import { Engine, type EngineOptions } from "../engine.ts";
import { kernel, type Kernel } from "../kernel.ts";
import { startWorker, type StartWorker, type WorkerHandle } from "./start-worker.ts";

const engines: Engine[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const engine of engines.splice(0)) engine.close();
});

async function start(kernels: readonly Kernel[], options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await Engine.start({ threads: 2, relaxed: false, kernels, ...options });
  engines.push(engine);
  return engine;
}
/** Waits until all threads take part: where a worker surely starts, the engine does not. */
async function all(engine: Engine): Promise<Engine> {
  while (engine.threadsNow < engine.threads) await sleep(5);
  return engine;
}

/** Adds 1 to the number of each unit. */
const count = kernel("count", { y: "i32" }, (f, { y }, { from, to }) => {
  const i = f.local("i32");
  f.for(i, from, to, 1, () => {
    const at = f.let(i32.add(y, i32.shl(i, 2)));
    f.store("i32", at, i32.add(i32.load(at), 1));
  });
});
/** A unit that the owner's thread does, and that no other ever ends. */
const hang = kernel("hang", { owner: "i32" }, (f, { owner }, { scratch }) => {
  f.if(i32.ne(scratch, owner), () =>
    f.doWhile(
      () => undefined,
      () => i32.of(1),
    ),
  );
});
/** Waits until another thread has come to the same job and left a 1, for some seconds at most. */
const meet = kernel("meet", { owner: "i32", y: "i32" }, (f, { owner, y }, { scratch }) => {
  const turns = f.local("i32");
  f.if(
    i32.eq(scratch, owner),
    () =>
      f.while(
        () => i32.and(i32.eqz(i32.load(y)), i32.lt(turns, 3e9)),
        () => turns.set(i32.add(turns, 1)),
      ),
    () => f.store("i32", y, 1),
  );
});
const ownScratch = 4096;

function room(engine: Engine, numbers: number): number {
  const { at } = engine.memory.allocate(4 * numbers);
  engine.memory.i32.fill(0, at / 4, at / 4 + numbers);
  return at;
}

/** Starts real workers, and lets the test see them. */
function watched(): { started: WorkerHandle[]; startWorker: StartWorker } {
  const started: WorkerHandle[] = [];
  return {
    started,
    startWorker: async (...args) => {
      const handle = await startWorker(...args);
      started.push(handle);
      return handle;
    },
  };
}

test("a worker that sleeps is woken, and takes part", async () => {
  const engine = await all(await start([meet]));
  await sleep(50);
  const at = room(engine, 1);
  engine.run(meet, { owner: ownScratch, y: at }, 2, 1);
  expect(engine.memory.i32[at / 4]).toBe(1);
});

test("jobs that come before the workers are there are done all the same", async () => {
  const engine = await start([count], { threads: 4 });
  const at = room(engine, 1000);
  const jobs = 50;
  for (let job = 0; job < jobs; job++) engine.run(count, { y: at }, 1000, 10);
  await all(engine);
  for (let job = 0; job < jobs; job++) engine.run(count, { y: at }, 1000, 10);
  expect(new Set(engine.memory.i32.subarray(at / 4, at / 4 + 1000))).toEqual(new Set([2 * jobs]));
});

test("more units than threads can count are done by one", async () => {
  const units = kernel("units", { y: "i32" }, (f, { y }, { from, to }) => {
    f.store("i32", y, i32.add(i32.load(y), 1));
    f.store("i32", y, from, 4);
    f.store("i32", y, to, 8);
  });
  const engine = await all(await start([units]));
  const at = room(engine, 3);
  engine.run(units, { y: at }, 3e9, 1000);
  expect([...new Uint32Array(engine.memory.memory.buffer, at, 3)]).toEqual([1, 0, 3e9]);
});

test("idle threads take no time of the processor", async () => {
  const engine = await all(await start([count], { threads: 3 }));
  engine.run(count, { y: room(engine, 100) }, 100, 1);
  await sleep(20);
  const shares: number[] = [];
  // The engine may compile or collect garbage in one of these stretches; a thread that span would take all of each.
  while (shares.length < 5 && !shares.some((share) => share < 0.5)) {
    const [before, began] = [process.cpuUsage(), performance.now()];
    await sleep(200);
    const { user, system } = process.cpuUsage(before);
    shares.push((user + system) / 1000 / (performance.now() - began));
  }
  expect(Math.min(...shares)).toBeLessThan(0.5);
});

test("a worker that is killed while idle breaks the backend: the next op says what happened, and what to do", async () => {
  const threads = process.getBuiltinModule("node:worker_threads");
  const Real = threads.Worker;
  const made: Worker[] = [];
  vi.spyOn(threads, "Worker").mockImplementation(
    class extends Real {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        made.push(this);
      }
    },
  );
  const engine = await all(await start([count], { threads: 3 }));
  const at = room(engine, 8);
  engine.run(count, { y: at }, 8, 1);
  await made[1]!.terminate();
  for (const grain of [1, 8])
    expect(() => engine.run(count, { y: at }, 8, grain)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: wasm: a worker ended with code 1, so nothing more can be computed on this backend. Make a new one with wasm(), and upload to it again.]`,
    );
  expect([...engine.memory.i32.subarray(at / 4, at / 4 + 8)]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]); // it can still be read
});

test("a worker that does not finish its part is an error after the deadline, not a result", async () => {
  const engine = await all(await start([hang, meet, count], { pool: { deadline: 100 } }));
  const at = room(engine, 8);
  // Until the worker is in the job it hangs in.
  expect(() => {
    for (let job = 0; job < 1e6; job++) engine.run(hang, { owner: ownScratch }, 64, 1);
  }).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: wasm: a worker has not finished its part of a kernel for 0.1 s; it was stopped, or it lost its core, so nothing more can be computed on this backend. Make a new one with wasm(), and upload to it again.]`,
  );
  expect(() => engine.run(count, { y: at }, 8, 8)).toThrow("a worker has not finished"); // nor anything after it
});

test("where one worker cannot be started, the others are stopped, and the reason is told", async () => {
  const { started, startWorker: real } = watched();
  const stopped: WorkerHandle[] = [];
  let n = 0;
  const failing: StartWorker = async (begin, deadline) => {
    if (++n === 2) throw new Error("a worker failed: no");
    const handle = await real(begin, deadline);
    return { ...handle, stop: () => (stopped.push(handle), handle.stop()) };
  };
  await expect(start([count], { threads: 4, pool: { startWorker: failing } })).rejects.toThrow(
    "workers cannot be started here: a worker failed: no",
  );
  expect(started.length).toBe(2);
  expect(stopped.length).toBe(2);
});
