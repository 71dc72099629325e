// Runs in the runtime that is tested: the whole testkit on the built backend, with each number of threads, with relaxed SIMD and without,
// and with 64-bit memory.
// Prints one line of JSON for each event; scripts/runtimes.mjs reads them.
import { Engine } from "../../packages/backend-wasm/dist/engine.js";
import { built } from "./built.mjs";

const { wasm } = await built("backend-wasm");
const { iota } = await built("tensor");
const { runBackendTests } = await built("backend-testkit", "./core");

const { groups } = JSON.parse(process.argv[2] ?? "{}");
const tell = (event) => console.log(JSON.stringify(event));

// Whether workers come, and take no time while they have nothing to do.
const engine = await Engine.start({ threads: 4, relaxed: false, kernels: [] });
const began = performance.now();
while (engine.threadsNow < 4 && performance.now() - began < 5000) await pause(5);
tell({ what: "threads that came, of 4", value: engine.threadsNow, right: engine.threadsNow === 4 });
await pause(50);
const before = process.cpuUsage();
await pause(500);
const { user, system } = process.cpuUsage(before);
const share = (user + system) / 500_000;
tell({ what: "processor time while idle", value: `${(100 * share).toFixed(1)} %`, right: share < 0.3 });
engine.close();

for (const [threads, memory] of [
  [1, 4096],
  [2, 4096],
  [4, 4096],
  [2, 6144],
]) {
  for (const relaxed of [false, true]) {
    const what = [
      relaxed ? "relaxed SIMD" : "SIMD",
      threads === 1 ? "1 thread" : `${threads} threads`,
      ...(memory > 4096 ? ["64-bit memory"] : []),
    ].join(", ");
    let on;
    try {
      on = await wasm({ threads, relaxed, memory });
    } catch (error) {
      tell({ what, refused: error.message });
      continue;
    }
    on.close();
    const began = performance.now();
    const backends = [];
    const create = async () => {
      const made = await wasm({ threads, relaxed, memory });
      backends.push(made);
      await pause(threads > 1 ? 800 : 0); // until the workers have come: jobs do not wait for them
      return made;
    };
    const { tests } = await runBackendTests({ name: what, create, ...(groups === undefined ? {} : { groups }) });
    for (const made of backends) made.close();
    const failed = tests.filter(({ status }) => status === "failed");
    tell({
      what,
      name: on.name,
      passed: tests.filter(({ status }) => status === "passed").length,
      skipped: tests.filter(({ status }) => status === "skipped").length,
      failures: failed.map(({ name, error }) => `${name}: ${error}`),
      seconds: (performance.now() - began) / 1000,
    });
  }
}

// Whether the death of a worker is told.
const threads = process.getBuiltinModule("node:worker_threads");
const { Worker } = threads;
const workers = [];
threads.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    workers.push(this);
  }
};
const wounded = await wasm({ threads: 3 });
await workers[0].terminate();
await pause(100);
let message = "nothing was thrown";
try {
  iota(10, 0, wounded);
} catch (error) {
  ({ message } = error);
}
tell({
  what: "after a worker was killed",
  value: message,
  right: message.startsWith("wasm: a worker ended with code "),
});
wounded.close();

// The program must end now although this one's workers live.
const last = await wasm({ threads: 3 });
tell({ what: "last", name: last.name });

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
