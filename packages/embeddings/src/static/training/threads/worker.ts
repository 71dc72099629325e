// A worker of a training run: it learns from one chunk after the other, in the memory that it shares with the others.
import { builtin, hasBuiltins } from "./builtin.ts";
import type { Learner } from "../learner.ts";
import { loadLearner } from "../learners.ts";
import type { WorkerAnswer, WorkerStart, WorkerTask } from "./worker-messages.ts";

function serve(answer: (message: WorkerAnswer) => void): (message: WorkerStart | WorkerTask) => void {
  let learner: Promise<Learner> | undefined;
  const failed = (error: unknown): void => answer({ failed: `a worker failed: ${(error as Error).message}` });
  return (message) => {
    if ("learner" in message) {
      const { plan, room, thread } = message;
      learner = loadLearner(message.learner).then((make) => make(plan, room, thread));
      learner.catch(failed);
    } else learner?.then((each) => answer({ learned: each.learn(message.bytes, message.rates) })).catch(failed);
  };
}

interface Port {
  on(event: "message", listener: (message: WorkerStart | WorkerTask) => void): void;
  postMessage(message: WorkerAnswer): void;
}
const port = hasBuiltins() ? builtin<{ parentPort: Port | null }>("node:worker_threads").parentPort : null;
if (port !== null)
  port.on(
    "message",
    serve((message) => port.postMessage(message)),
  );
else {
  const take = serve((message) => self.postMessage(message));
  self.onmessage = ({ data }: MessageEvent<WorkerStart | WorkerTask>) => take(data);
}
