import type { LiveBackend } from "./backends.ts";
import type { Run, Told } from "./live.worker.ts";

/** What one has to know of a run to show it. */
export interface RunEvents {
  readonly line: (text: string) => void;
  readonly backend: (name: string) => void;
  /** Once, with how long it took or with what went wrong; not after it was stopped. */
  readonly ended: (seconds: number | undefined, error: string | undefined) => void;
}

/** Runs a source in a worker of its own, which is gone at the end; the function that comes back stops it, and nothing is told after that. */
export function startRun(source: string, backend: LiveBackend, on: RunEvents): () => void {
  const worker = new Worker(new URL("./live.worker.ts", import.meta.url), { type: "module" });
  const listening = new AbortController();
  const { signal } = listening;
  const stop = (): void => {
    listening.abort();
    worker.terminate();
  };
  const end = (seconds: number | undefined, error: string | undefined): void => {
    stop();
    on.ended(seconds, error);
  };
  const fails = (event: ErrorEvent): void => {
    event.preventDefault();
    end(undefined, `The worker stopped: ${event.message || "its script was not loaded"}.`);
  };
  const told = ({ data }: MessageEvent<Told>): void => {
    if ("line" in data) on.line(data.line);
    else if ("backend" in data) on.backend(data.backend);
    else if ("error" in data) end(undefined, data.error);
    else end(data.seconds, undefined);
  };
  worker.addEventListener("error", fails, { signal });
  worker.addEventListener("message", told, { signal });
  worker.postMessage({ source, backend } satisfies Run);
  return stop;
}

const sources = import.meta.glob<string>("../examples/*.ts", { query: "?raw", import: "default" });

/** The code of an example of docs/examples. */
export async function loadExample(name: string): Promise<string> {
  return (await sources[`../examples/${name}.ts`]!()).split("\n// prints:\n")[0]!.trimEnd();
}
