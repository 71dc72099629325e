// A worker of the pool: it instantiates the module on the shared memory and takes units of each job.
import { builtin } from "./builtin.ts";
import { closed, patience, takeUnits, word, type Run } from "./control.ts";
import type { WorkerStart } from "./start-worker.ts";

async function serve(start: WorkerStart, tell: (message: string) => void): Promise<void> {
  const { bytes, memory, control, names, parameters, scratch } = start;
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  const kernels = names.map((name) => instance.exports[name] as Run);
  let job = Atomics.load(control, word.job);
  tell("ready");
  for (;;) {
    awaitJob(control, job);
    job = Atomics.load(control, word.job);
    if (!join(control)) continue;
    try {
      takeUnits(control, kernels[control[word.kernel]!]!, parameters, scratch);
    } catch {
      Atomics.store(control, word.trapped, 1); // the owner tells; a worker that died here would leave it waiting
    }
    // The last to leave wakes an owner that sleeps.
    if (Atomics.sub(control, word.joined, 1) === 1 && Atomics.load(control, word.ownerAsleep) === 1)
      Atomics.notify(control, word.joined);
  }
}

function awaitJob(control: Int32Array, job: number): void {
  const since = performance.now();
  for (let turn = 1; Atomics.load(control, word.job) === job; turn++) {
    if (turn % 64 !== 0 || performance.now() - since < patience) continue;
    Atomics.add(control, word.asleep, 1);
    Atomics.wait(control, word.job, job);
    Atomics.sub(control, word.asleep, 1);
  }
}

/** Counts this thread in, unless the job is over: then nothing of it may be read any more. */
function join(control: Int32Array): boolean {
  for (;;) {
    const joined = Atomics.load(control, word.joined);
    if (joined === closed) return false;
    if (Atomics.compareExchange(control, word.joined, joined, joined + 1) === joined) return true;
  }
}

interface Port {
  once(event: "message", listener: (start: WorkerStart) => void): void;
  postMessage(message: string): void;
}
if (typeof self === "object" && typeof self.postMessage === "function") {
  self.onmessage = ({ data }: MessageEvent<WorkerStart>) => void serve(data, (message) => self.postMessage(message));
} else {
  const { parentPort } = builtin<{ parentPort: Port }>("node:worker_threads");
  parentPort.once("message", (start) => void serve(start, (message) => parentPort.postMessage(message)));
}
