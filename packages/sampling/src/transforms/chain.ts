import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import type { LogitsTransform } from "./logits-transform.ts";

/**
 * One transform made of several, applied from left to right. The order matters: `chain(temperature(2), topP(0.9))`
 * takes the nucleus of the flattened distribution, `chain(topP(0.9), temperature(2))` flattens the nucleus. With no
 * transforms, the logits pass unchanged.
 *
 * Applying it throws `ConfigError` naming the transform that returned NaN, the wrong length, or no token to choose
 * from.
 *
 * @example
 * ```ts
 * const lively = chain(temperature(0.9), topK(40), topP(0.95));
 * console.log(lively.name); // temperature(0.9) → topK(40) → topP(0.95)
 * ```
 */
export function chain(...transforms: readonly LogitsTransform[]): LogitsTransform {
  return {
    name: transforms.map(({ name }) => name).join(" → "),
    forSampling: transforms.some(({ forSampling }) => forSampling === true),
    apply(logits, context) {
      let result: Float32Array = logits.slice();
      for (const transform of transforms) {
        result = transform.apply(result, context);
        const source = `the logits after ${transform.name}`;
        if (result.length !== logits.length) {
          throw new ConfigError(
            `${source}: ${result.length} of them, but ${logits.length} went in. A transform keeps the length and excludes a token with -Infinity.`,
            {
              transform: transform.name,
              expected: logits.length,
              got: result.length,
            },
          );
        }
        checkLogits(result, source);
      }
      return result;
    },
  };
}
