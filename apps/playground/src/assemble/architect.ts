import type { ArchitectApi } from "../architect/architect-api.ts";
import { type Served, startWorker } from "../workers/worker-client.ts";

let started: Served<ArchitectApi> | undefined;

/** The worker that knows specs; it starts when it is asked for first. */
export function architect(): Served<ArchitectApi> {
  started ??= startWorker<ArchitectApi>(
    new Worker(new URL("../architect/architect.worker.ts", import.meta.url), { type: "module", name: "architect" }),
    "The worker that knows specs",
    () => (started = undefined),
  );
  return started;
}

/**
 * Tenon neither draws nor prints recurrent translators, nor prints kinds that do not say how. Of a spec that can be assembled that is no problem of the
 * visitor's, and is said where the picture or the text would be.
 */
export const isRefusal = (error: unknown): boolean => error instanceof Error && error.name === "ConfigError";
