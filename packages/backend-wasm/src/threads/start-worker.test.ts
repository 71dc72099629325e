// What becomes of a page's workers, played by others; scripts/browser.mjs runs the true ones in Chromium.
import { afterEach, expect, test, vi } from "vitest";

import { startWorker, type WorkerStart } from "./start-worker.ts";

const start = {} as WorkerStart;
afterEach(() => vi.unstubAllGlobals());

/** A page's worker that does what the test says when it gets its first message. */
function stubPage(behave: (worker: { onmessage?: () => void; onerror?: (event: object) => void }) => void): string[] {
  const log: string[] = [];
  vi.stubGlobal("process", Object.create(process, { getBuiltinModule: { value: undefined } }));
  vi.stubGlobal(
    "Worker",
    class {
      onmessage?: () => void;
      onerror?: (event: object) => void;
      constructor(url: URL) {
        log.push(`${url.pathname.split("/").at(-1)}`);
      }
      postMessage(): void {
        queueMicrotask(() => behave(this));
      }
      terminate(): void {
        log.push("terminated");
      }
    },
  );
  return log;
}

test("it is there once it answers", async () => {
  const log = stubPage((worker) => worker.onmessage?.());
  const handle = await startWorker(start, 1000);
  expect(log).toEqual(["worker.js"]);
  handle.stop();
  expect(log).toEqual(["worker.js", "terminated"]);
});

test("a script that does not load, as under a policy against workers", async () => {
  const log = stubPage((worker) => worker.onerror?.({}));
  await expect(startWorker(start, 1000)).rejects.toThrow(
    "a worker's script was not loaded; a content security policy may forbid workers (worker-src), or a bundler left worker.js out",
  );
  expect(log).toEqual(["worker.js", "terminated"]);
});

test("a script that throws", async () => {
  stubPage((worker) => worker.onerror?.({ message: "Uncaught TypeError: no" }));
  await expect(startWorker(start, 1000)).rejects.toThrow("a worker failed: Uncaught TypeError: no");
});

test("one that never answers", async () => {
  const log = stubPage(() => undefined);
  await expect(startWorker(start, 20)).rejects.toThrow("a worker did not answer within 0.02 s");
  expect(log).toEqual(["worker.js", "terminated"]);
});

test("one that fails later tells whoever asks, be it before or after", async () => {
  const seen: string[] = [];
  let fail: () => void = () => undefined;
  stubPage((worker) => {
    fail = () => worker.onerror?.({ message: "out of memory" });
    worker.onmessage?.();
  });
  const first = await startWorker(start, 1000);
  first.onDeath((why) => seen.push(why));
  fail();
  const second = await startWorker(start, 1000);
  fail();
  second.onDeath((why) => seen.push(why));
  const third = await startWorker(start, 1000);
  third.onDeath((why) => seen.push(why));
  third.stop();
  fail(); // it was stopped on purpose
  expect(seen).toEqual(["a worker failed: out of memory", "a worker failed: out of memory"]);
});
