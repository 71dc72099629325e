import { backends, type LiveBackend } from "./backends.ts";
import { runExample } from "./run-example.ts";

/** What the page asks for. */
export interface Run {
  readonly source: string;
  readonly backend: LiveBackend;
}

/** What the worker tells, as it happens. */
export type Told =
  | { readonly line: string }
  /** What is said of the backend: its own name. */
  | { readonly backend: string }
  | { readonly seconds: number }
  | { readonly error: string };

const tell = (told: Told): void => (globalThis as unknown as { postMessage(told: Told): void }).postMessage(told);

addEventListener("message", ({ data }: MessageEvent<Run>) => void run(data));

async function run({ source, backend }: Run): Promise<void> {
  try {
    const chosen = await backends[backend]();
    tell({ backend: chosen.name });
    const began = performance.now();
    await runExample(source, (line) => tell({ line }), backend === "cpu()" ? undefined : chosen);
    tell({ seconds: (performance.now() - began) / 1000 });
  } catch (error) {
    tell({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
}
