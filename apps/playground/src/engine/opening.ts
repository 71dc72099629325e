import type { OpenProgress } from "./model-info.ts";

/** What whoever opens a model wants besides it. */
export interface Opening {
  readonly progress?: ((progress: OpenProgress) => void) | undefined;
  /** Is told how many bytes the weights will take, before there are any; they wait for it. */
  readonly needs?: ((bytes: number) => Promise<void>) | undefined;
  /** Ends it: the model is not opened. */
  readonly signal?: AbortSignal | undefined;
}
