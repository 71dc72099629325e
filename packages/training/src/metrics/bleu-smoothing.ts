import { expectPositive } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { fixed } from "./fixed.ts";

/**
 * What BLEU does about an n-gram order without a match, whose logarithm would be −∞. `exp` counts half a match for the first such order, a quarter for the second …
 * (mteval-v13a), `floor` counts `value` matches, `add-k` adds `value` to matches and n-grams of all orders from 2 up, `none` gives a
 * score of 0.
 *
 * Chen and Cherry 2014, "A systematic comparison of smoothing techniques for sentence-level BLEU".
 *
 * @example
 * ```ts
 * const smoothing: BleuSmoothing = "floor";
 * console.log(bleu(["a b c d"], ["a b x d"], { smoothing }).toString());
 * // BLEU = 18.80 75.0/33.3/5.0/10.0 (BP = 1.000 ratio = 1.000 hyp_len = 4 ref_len = 4)
 * ```
 */
export type BleuSmoothing = "exp" | "floor" | "add-k" | "none";

/** A way to smooth with its number, checked. */
export interface Smoothing {
  readonly method: BleuSmoothing;
  /** 0 where the method takes none. */
  readonly value: number;
  /** As a signature says it. */
  readonly name: string;
}

const defaults: Readonly<Record<BleuSmoothing, number | undefined>> = {
  exp: undefined,
  floor: 0.1,
  "add-k": 1,
  none: undefined,
};

/** Throws `ConfigError` for a method that is not there, and for a value that it does not take. */
export function bleuSmoothing(caller: string, method: BleuSmoothing = "exp", value?: number): Smoothing {
  if (!Object.hasOwn(defaults, method)) {
    const all = Object.keys(defaults).join(", ");
    throw new ConfigError(`${caller}: there is no smoothing "${method}": expected one of ${all}`, {
      smoothing: method,
    });
  }
  const usual = defaults[method];
  if (usual === undefined) {
    if (value === undefined) return { method, value: 0, name: method };
    throw new ConfigError(
      `${caller}: smoothing "${method}" takes no smoothingValue, got ${value}. Leave it out, or take "floor" or "add-k".`,
      { smoothing: method, value },
    );
  }
  const chosen = value ?? usual;
  expectPositive(caller, "smoothingValue", chosen);
  return { method, value: chosen, name: `${method}[${fixed(chosen, 2)}]` };
}
