import { isTenonError } from "@tenon/tensor";

import { FixedCache } from "../src/cache/fixed-cache.ts";
import { GrowingCache } from "../src/cache/growing-cache.ts";
import type { KeyValueCache } from "../src/cache/key-value-cache.ts";
import { QuantizedCache } from "../src/cache/quantized-cache.ts";
import { SlidingCache } from "../src/cache/sliding-cache.ts";
import { all } from "../src/mask/all.ts";
import { causal } from "../src/mask/causal.ts";
import type { Mask } from "../src/mask/mask.ts";
import { window } from "../src/mask/window.ts";

/** A cache of keys and values, for the tests that all of them must pass. */
interface Kind {
  readonly name: string;
  readonly make: () => KeyValueCache;
  /** The masks under which it gives what a pass over everything gives. */
  readonly masks: readonly Mask[];
  /** Largest difference that it may make. */
  readonly within: number;
}

const near = all(causal(), window(5));
const exact = 1e-12;
export const kinds: readonly Kind[] = [
  { name: "FixedCache", make: () => new FixedCache(99), masks: [causal(), near], within: exact },
  { name: "GrowingCache", make: () => new GrowingCache(2), masks: [causal(), near], within: exact },
  {
    name: "SlidingCache",
    make: () => new SlidingCache({ window: 5, back: 2, slack: 3 }),
    masks: [near, all(causal(), window(3))],
    within: exact,
  },
  {
    name: "QuantizedCache of a FixedCache",
    make: () => new QuantizedCache(new FixedCache(99)),
    masks: [causal(), near],
    within: 0.02,
  },
  {
    name: "QuantizedCache of a SlidingCache",
    make: () => new QuantizedCache(new SlidingCache({ window: 5, back: 2 })),
    masks: [near],
    within: 0.02,
  },
];

/** The kind of error that is thrown, and what it says. */
export function refusal(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (isTenonError(error)) return `${error.name}: ${error.message}`;
    throw error;
  }
  return "nothing was thrown";
}
