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

/** An edited example may print without end, and the page would have to show it all. */
const most = 1000;

async function run({ source, backend }: Run): Promise<void> {
  let printed = 0;
  const print = (line: string): void => {
    if (++printed > most) throw new Error(`more than ${most} lines are not shown here. Print less.`);
    tell({ line });
  };
  try {
    const chosen = await backends[backend]();
    tell({ backend: chosen.name });
    const began = performance.now();
    await runExample(source, print, backend === "cpu()" ? undefined : chosen);
    tell({ seconds: (performance.now() - began) / 1000 });
  } catch (error) {
    tell({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
}
