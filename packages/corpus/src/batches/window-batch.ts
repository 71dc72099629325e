import { ConfigError } from "@tenon/tensor";

import type { TokenSource } from "../token-source.ts";

/** Windows of text in which each token is to be predicted from those before it: what `causalLoss` of `@tenon/training` reads. */
export interface WindowBatch {
  /** [b, t] ids. */
  readonly inputs: Int32Array;
  /** [b, t] ids: at each position, the one that comes next. */
  readonly targets: Int32Array;
  readonly shape: readonly [rows: number, length: number];
}

/** Where a window begins, and in what. */
export interface WindowPlace {
  readonly tokens: TokenSource;
  readonly start: number;
}

/** Reads windows of `context` tokens, and the token behind each. */
export async function readWindows(places: readonly WindowPlace[], context: number): Promise<WindowBatch> {
  const inputs = new Int32Array(places.length * context);
  const targets = new Int32Array(places.length * context);
  const rows = await Promise.all(places.map(({ tokens, start }) => tokens.read(start, context + 1)));
  rows.forEach((ids, row) => {
    inputs.set(ids.subarray(0, context), row * context);
    targets.set(ids.subarray(1), row * context);
  });
  return { inputs, targets, shape: [places.length, context] };
}

/**
 * How a text of `length` tokens is laid out in windows: how many there are in each epoch, and by how many tokens at most the first may begin later, so that
 * the windows of two epochs are cut at other places. Each needs one token more than `context`: the one that is predicted last.
 */
export function windowsIn(length: number, context: number): { readonly count: number; readonly slack: number } {
  if (length <= context) return { count: 0, slack: 0 };
  // One window is given up where there is more than one, to have room to shift.
  const count = Math.max(1, Math.floor((length - context) / context));
  return { count, slack: Math.min(context - 1, length - 1 - count * context) };
}

/** Throws `ConfigError` unless the sizes and the step can be. */
export function expectCounts(caller: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isSafeInteger(count) && count >= 1) continue;
    throw new ConfigError(`${caller}: ${name} must be a whole number from 1 up, got ${count}`, { [name]: count });
  }
}

/** A step is a number of steps done before. */
export function expectStep(caller: string, step: number): void {
  if (Number.isSafeInteger(step) && step >= 0) return;
  throw new ConfigError(`${caller}: a step is a whole number from 0 up, got ${step}`, { step });
}

/** `caller` says who found what too short. */
export function tooShort(caller: string, length: number, context: number): ConfigError {
  return new ConfigError(
    `${caller} is too short: it has ${length} tokens, and a window of ${context} and the token after it need ${context + 1}. Use a longer text${length > 1 ? `, or a context of at most ${length - 1}` : ""}.`,
    { length, context },
  );
}
