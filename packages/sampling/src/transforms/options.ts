import { ConfigError } from "@tenon/tensor";
import type { DecodingContext } from "./logits-transform.ts";

/** For a transform that excludes all but the likely tokens. */
export interface KeepOptions {
  /** At least so many tokens stay, the next ones in the transform's own order; 1 unless said. */
  readonly keep?: number | undefined;
}

/** For a transform that looks at the tokens so far. */
export interface CountOptions {
  /** Do the prompt's tokens count, or only those that were generated? */
  readonly countPrompt?: boolean | undefined;
}

/** Throws `ConfigError` unless `options` is an object that has no other names than these. */
export function checkOptions(call: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw new ConfigError(`${call} takes its options as an object with ${known.join(", ")}, got ${String(options)}`);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new ConfigError(`${call} has no option "${name}". It has ${known.join(", ")}.`, { option: name });
  }
}

/** How many tokens stay at least. Throws `ConfigError` unless that is a whole number of at least 1. */
export function readKeep(call: string, options: KeepOptions): number {
  checkOptions(call, options, ["keep"]);
  const { keep = 1 } = options;
  if (!Number.isSafeInteger(keep) || keep < 1)
    throw new ConfigError(`keep of ${call} is a whole number of at least 1, got ${keep}`, { keep });
  return keep;
}

/** Does the prompt count? Throws `ConfigError` for anything but true and false. */
export function readCountPrompt(call: string, options: CountOptions, otherwise: boolean): boolean {
  checkOptions(call, options, ["countPrompt"]);
  const { countPrompt = otherwise } = options;
  if (typeof countPrompt !== "boolean")
    throw new ConfigError(`countPrompt of ${call} is true or false, got ${String(countPrompt)}`, { countPrompt });
  return countPrompt;
}

/** Where in `context.ids` counting begins. */
export function firstCounted({ promptLength = 0 }: DecodingContext, countPrompt: boolean): number {
  return countPrompt ? 0 : promptLength;
}
