import type { LiveBackend } from "./backends.ts";
import type { Run, Told } from "./live.worker.ts";

/** What one has to know of a run to show it. */
export interface RunEvents {
  readonly line: (text: string) => void;
  readonly backend: (name: string) => void;
  readonly ended: (seconds: number | undefined, error: string | undefined) => void;
}

/** Runs a source in a worker of its own; the function that comes back stops it. */
export function startRun(source: string, backend: LiveBackend, on: RunEvents): () => void {
  const worker = new Worker(new URL("./live.worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    end(undefined, `The worker stopped: ${event.message || "its script was not loaded"}.`);
  });
  worker.addEventListener("message", ({ data }: MessageEvent<Told>) => {
    if ("line" in data) on.line(data.line);
    else if ("backend" in data) on.backend(data.backend);
    else if ("error" in data) end(undefined, data.error);
    else end(data.seconds, undefined);
  });
  worker.postMessage({ source, backend } satisfies Run);
  const end = (seconds: number | undefined, error: string | undefined): void => {
    worker.terminate();
    on.ended(seconds, error);
  };
  return () => end(undefined, "Stopped.");
}

const sources = import.meta.glob<string>("../examples/*.ts", { query: "?raw", import: "default" });

/** The code of an example of docs/examples. */
export async function loadExample(name: string): Promise<string> {
  return (await sources[`../examples/${name}.ts`]!()).split("\n// prints:\n")[0]!.trimEnd();
}
