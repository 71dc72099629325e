import { expose, wrap } from "comlink";
import { expect, onTestFinished, test } from "vitest";

import { WorkerLine } from "./worker-line.ts";

interface Api {
  double(value: number): Promise<number>;
  never(): Promise<number>;
}

/** The two ends of a channel: one as a page has it, the other as a worker has it. */
function line(): WorkerLine {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  expose({ double: (value: number) => 2 * value, never: () => new Promise(() => undefined) }, port2);
  port1.start();
  return new WorkerLine(port1);
}

test("calls are answered, and once the worker has ended they fail with what is said of it", async () => {
  const toWorker = line();
  const api = wrap<Api>(toWorker);
  expect(await api.double(21)).toBe(42);
  const waiting = api.never();
  toWorker.end(new Error("It ended."));
  await expect(waiting).rejects.toThrow("It ended.");
  await expect(api.double(1)).rejects.toThrow("It ended.");
});
