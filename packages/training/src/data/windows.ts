import { expectSize } from "@tenon/nn";
import { ConfigError, type Random } from "@tenon/tensor";

/** What windows are cut from. */
export interface WindowOptions {
  /** The text as token ids. An `Int32Array` is not copied: leave it unchanged. */
  readonly ids: ArrayLike<number>;
  /** Tokens in a window: t. */
  readonly context: number;
  /** Windows in a batch: b. */
  readonly batch: number;
  /** Where everything is drawn from; give training and held-out batches forks of their own. */
  readonly random: Random;
  /** What the ids are, for the error. Default "the text". */
  readonly what?: string | undefined;
}

/** Throws `ConfigError` unless a window fits: `context` inputs and `beyond` further ids. */
export function expectWindow(
  caller: string,
  { context, batch, what = "the text" }: Pick<WindowOptions, "context" | "batch" | "what">,
  available: number,
  beyond: number,
): void {
  expectSize(caller, "context", context);
  expectSize(caller, "batch", batch);
  const needed = context + beyond;
  if (available >= needed) return;
  const most = available - beyond;
  const remedy = most >= 1 ? `Use a longer text, or a context of at most ${most}` : "Use a longer text";
  const after = beyond > 0 ? " and the token after it" : "";
  throw new ConfigError(
    `${caller}: ${what} is too short: it has ${available} tokens, and a window of ${context}${after} needs ${needed}. ${remedy}.`,
    { available, needed, context },
  );
}
