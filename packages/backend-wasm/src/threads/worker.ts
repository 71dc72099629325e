// A worker of the pool: it takes units of each job, and loads a kernel from the shared code when it first needs it.
import { builtin, hasBuiltins } from "./builtin.ts";
import { closed, patience, takeUnits, word, type Run } from "./control.ts";
import { load } from "./load.ts";
import type { WorkerStart } from "./start-worker.ts";

function serve({ memory, control, code, parameters, scratch }: WorkerStart, tell: (message: string) => void): void {
  const kernels: Run[] = [];
  let job = Atomics.load(control, word.job);
  Atomics.add(control, word.arrived, 1);
  tell("ready");
  for (;;) {
    awaitJob(control, job);
    job = Atomics.load(control, word.job);
    if (!join(control)) continue;
    try {
      // A slice, since what is shared cannot be compiled.
      const run = (kernels[control[word.kernel]!] ??= load(
        code.slice(control[word.codeFrom], control[word.codeTo]),
        memory,
      ));
      takeUnits(control, run, parameters, scratch);
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
const port = hasBuiltins() ? builtin<{ parentPort: Port | null }>("node:worker_threads").parentPort : null;
if (port !== null) port.once("message", (start) => serve(start, (message) => port.postMessage(message)));
else self.onmessage = ({ data }: MessageEvent<WorkerStart>) => serve(data, (message) => self.postMessage(message));
