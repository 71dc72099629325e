import { expectPositive, expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { rotaryFrequencies, type RotaryScaling } from "./rotary-scaling.ts";

/** What {@link dynamicNtkScaling} takes. */
export interface DynamicNtkScalingOptions {
  /** How strongly the base grows with the text; 1 or 2 are usual. */
  readonly factor: number;
  /** How many positions the model was trained on. Shorter texts are left alone. */
  readonly context: number;
}

/**
 * Dynamic NTK-aware scaling: a larger base for longer texts, base · (factor · n / context − (factor − 1))^(r / (r − 2)), where n is the length of the
 * text so far, or the context where that is more. Slow pairs are interpolated and fast ones, which tell neighbours apart, hardly. Works without
 * fine-tuning.
 *
 * The frequencies depend on the length of the text *at each pass*. Keys in a cache keep the angles of the pass that put them there, so beyond the
 * context a text that is read in pieces gives other scores than one that is read at once; Hugging Face's transformers do the same. Where that
 * matters, decide on the length beforehand with {@link forLength}.
 *
 * Throws `ConfigError` unless the factor is a finite number above 0 and the context a whole number from 1 up, and for fewer than 4 elements that turn.
 *
 * Peng et al. 2023, "YaRN: efficient context window extension of large language models", section 3.3 and appendix B.1, which cites bloc97 and
 * emozilla for it.
 *
 * @example
 * ```ts
 * const position = new RotaryPosition({ width: 64, scaling: dynamicNtkScaling({ factor: 2, context: 4096 }) });
 * console.log(position.rotation(4096).frequencies[31]! > position.rotation(8192).frequencies[31]!); // true
 * ```
 */
export function dynamicNtkScaling({ factor, context }: DynamicNtkScalingOptions): RotaryScaling {
  expectPositive("dynamicNtkScaling", "factor", factor);
  expectSize("dynamicNtkScaling", "context", context);
  return {
    rotation({ base, turned, length }) {
      if (turned < 4) {
        throw new ConfigError(
          `dynamicNtkScaling: at least 4 elements of each head must turn, got ${turned}; the one pair of 2 has no slower one to stretch`,
          { turned },
        );
      }
      const growth = (factor * Math.max(length, context)) / context - (factor - 1);
      return {
        frequencies: rotaryFrequencies({ base: base * growth ** (turned / (turned - 2)), turned }),
        attentionFactor: 1,
      };
    },
  };
}
