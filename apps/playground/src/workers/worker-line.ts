import type { Endpoint } from "comlink";

/**
 * The line to a worker, as Comlink takes it. Once the worker has ended, whoever waits for its answer, or asks afterwards, is told so; else they would
 * wait for ever.
 */
export class WorkerLine implements Endpoint {
  readonly #worker: Pick<Worker, "postMessage" | "addEventListener" | "removeEventListener">;
  readonly #waiting = new Set<string>();
  readonly #listeners = new Set<EventListenerOrEventListenerObject>();
  #ended: Error | undefined;

  constructor(worker: Pick<Worker, "postMessage" | "addEventListener" | "removeEventListener">) {
    this.#worker = worker;
    worker.addEventListener("message", (event) => this.#waiting.delete((event as MessageEvent<Message>).data.id!));
  }

  postMessage(message: Message, transfer: Transferable[] = []): void {
    if (message.id !== undefined) this.#waiting.add(message.id);
    if (this.#ended === undefined) this.#worker.postMessage(message, transfer);
    else queueMicrotask(() => this.#refuse());
  }

  addEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
    if (type === "message") this.#listeners.add(listener);
    this.#worker.addEventListener(type, listener);
  }

  removeEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
    this.#listeners.delete(listener);
    this.#worker.removeEventListener(type, listener);
  }

  /** The worker has ended: every call fails with `error`. */
  end(error: Error): void {
    this.#ended = error;
    this.#refuse();
  }

  #refuse(): void {
    const { name, message, stack } = this.#ended!;
    // How Comlink tells of an error that was thrown in a worker.
    const thrown = { type: "HANDLER", name: "throw", value: { isError: true, value: { name, message, stack } } };
    for (const id of this.#waiting) {
      const event = new MessageEvent("message", { data: { id, ...thrown } });
      for (const listener of this.#listeners)
        if (typeof listener === "function") listener(event);
        else listener.handleEvent(event);
    }
    this.#waiting.clear();
  }
}

/** Comlink's calls and answers carry the same number. */
interface Message {
  readonly id?: string;
}
