import { ConfigError } from "@tenon/tensor";
import { checkKeys, kindOf } from "../check.ts";
import { Specials, type SpecialTokens } from "../special.ts";

/** How far a trainer is. `total` is missing where it cannot be known, as for texts that stream. */
export interface TrainingProgress {
  /** `texts` are read; then pairs are merged (`merges`), or pieces are found (`seeds`), estimated and pruned (`pieces`). */
  readonly phase: "texts" | "merges" | "seeds" | "pieces";
  /** Texts read, tokens in the vocabulary, lengths of pieces looked at, or pieces left. */
  readonly done: number;
  /** What `done` goes to: downwards for pieces, upwards for the rest. It may end before that when the texts have no more to give. */
  readonly total?: number;
}

/** How a trainer is watched and ended. */
export interface TrainingControl {
  /** Ends the training by throwing `signal.reason`; asked between texts, merges and words. */
  readonly signal?: AbortSignal | undefined;
  /** Called about every 50 ms, and at the end of `texts`, `merges` and `pieces`. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
}

/** What every trainer takes. */
export interface TrainOptions extends TrainingControl {
  /** The largest size of the vocabulary, special tokens included; smaller when the texts give no more. */
  readonly maximumSize: number;
  /** Tokens that stand for something other than text, by role; they have the first ids, in this order. */
  readonly special?: SpecialTokens | undefined;
}

/** Texts to train on: each a document of its own, so that no word goes on in the next. */
export type Texts = Iterable<string> | AsyncIterable<string>;

/** The most tokens a vocabulary may have: far more than any in use, and few enough for a pair of ids to be one exact number. */
const largestSize: number = 2 ** 24;

/** Checks the keys and what all trainers share; the special tokens, ready to be found in a text. */
export function checkTrainOptions(
  options: TrainOptions,
  known: readonly string[],
  trainer: string,
  special: SpecialTokens,
): Specials {
  if (typeof options !== "object" || options === null) {
    throw new ConfigError(`${trainer} takes options such as { maximumSize: 8000 }; got ${kindOf(options)}`, {
      key: "options",
    });
  }
  checkKeys(options, ["maximumSize", "special", "signal", "onProgress", ...known], trainer);
  checkWhole(options.maximumSize, "maximumSize", 1, largestSize);
  if (options.onProgress !== undefined && typeof options.onProgress !== "function") {
    throw new ConfigError(`onProgress is a function, got ${kindOf(options.onProgress)}`, { key: "onProgress" });
  }
  if (options.signal !== undefined && typeof options.signal?.throwIfAborted !== "function") {
    throw new ConfigError(`signal is an AbortSignal, got ${kindOf(options.signal)}`, { key: "signal" });
  }
  return new Specials(options.special === undefined ? special : options.special);
}

/** A number of things, at least one, or its default where it is absent; a `ConfigError` that names its key otherwise. */
export function checkCount(value: unknown, key: string, missing: number): number {
  return value === undefined ? missing : checkWhole(value, key, 1);
}

function checkWhole(value: unknown, key: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
  const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new ConfigError(`${key} is a whole number ${range}, got ${kindOf(value)}`, { key, got: value });
}

/** The flag or its default, or a `ConfigError` that names its key. */
export function checkFlag(value: unknown, key: string, missing: boolean): boolean {
  if (value === undefined) return missing;
  if (typeof value === "boolean") return value;
  throw new ConfigError(`${key} is true or false, got ${kindOf(value)}`, { key, got: value });
}

/** Throws unless the vocabulary has room for what it must have. */
export function checkRoom(maximumSize: number, special: number, alphabet: number, way: string): void {
  const least = special + alphabet;
  if (maximumSize >= least) return;
  throw new ConfigError(
    `maximumSize is ${maximumSize}, but the vocabulary has ${special} special tokens and an alphabet of ${alphabet}, ` +
      `which makes ${least}; ${way}`,
    { key: "maximumSize", got: maximumSize, expected: least },
  );
}

/** The text of the special token with this role, or a `ConfigError` that says what it is for. */
export function requireSpecial(specials: Specials, role: string, example: string, purpose: string): string {
  const found = specials.list.find((entry) => entry.role === role);
  if (found) return found.token;
  throw new ConfigError(
    `special.${role} is missing: it stands for ${purpose}; add ${role}: ${JSON.stringify(example)}`,
    {
      key: `special.${role}`,
    },
  );
}
