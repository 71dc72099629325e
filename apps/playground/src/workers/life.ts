/** What the page sends to a worker that is to show that it lives: the name of a lock. The worker sends it back when it holds the lock. */
export interface Life {
  readonly life: string;
}

const isLife = (data: unknown): data is Life =>
  typeof data === "object" && data !== null && typeof (data as Partial<Life>).life === "string";

/**
 * Calls `onEnd` when a worker has ended, however that came about: nothing tells a page that a browser has stopped a worker for want of memory. But a
 * worker that holds a lock gives it free when it ends, and then the page gets it. A page without locks, one of plain http, does not hear of it.
 */
export function watchLife(worker: Worker, onEnd: () => void): void {
  if (!("locks" in navigator)) return;
  const life = crypto.randomUUID(); // locks are shared by all pages of a host
  worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (isLife(data)) void navigator.locks.request(life, onEnd);
  });
  worker.postMessage({ life } satisfies Life);
}

/** In the worker: holds the lock that the page asks it to, as long as the worker lives. */
export function showLife(): void {
  addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!isLife(data)) return;
    void navigator.locks.request(data.life, () => {
      postMessage(data);
      return new Promise(() => undefined);
    });
  });
}
