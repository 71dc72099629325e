import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { type CountOptions, firstCounted, readCountPrompt } from "./options.ts";
import { checkVocabulary, isId, only } from "./token-ids.ts";

/**
 * Forces tokens at some positions: there the logit of that token is 0 and all others are excluded, whatever came before.
 * Position 0 is the first generated token; with `countPrompt` it is the first of the prompt.
 *
 * Throws `ConfigError` unless there is at least one position, each a whole number of at least 0 with a token id. Applying
 * it throws `ConfigError` for logits that cannot be chosen from, and for an id outside of the vocabulary.
 *
 * @example
 * ```ts
 * const begin = forceAt({ 0: 2 });
 * console.log(begin.apply(Float32Array.of(1, 2, 3), { ids: [1], promptLength: 1 })); // Float32Array(3) [ -Infinity, -Infinity, 0 ]
 * console.log(begin.apply(Float32Array.of(1, 2, 3), { ids: [1, 2], promptLength: 1 })); // Float32Array(3) [ 1, 2, 3 ]
 * ```
 */
export function forceAt(tokens: Readonly<Record<number, number>>, options: CountOptions = {}): LogitsTransform {
  const forced = new Map<number, number>();
  for (const [position, id] of Object.entries(tokens ?? {})) {
    if (!isId(Number(position)) || String(Number(position)) !== position || !isId(id)) {
      throw new ConfigError(
        `forceAt(tokens) takes positions and token ids that are whole numbers of at least 0, got ${position}: ${String(id)}`,
        { position, id },
      );
    }
    forced.set(Number(position), id);
  }
  if (forced.size === 0)
    throw new ConfigError("forceAt(tokens) needs at least one position and its token id, such as { 0: 17 }, got none");
  const countPrompt = readCountPrompt("forceAt(tokens, { countPrompt })", options, false);
  const name = `forceAt(${Array.from(forced, ([position, id]) => `${position}: ${id}`).join(", ")})`;
  return {
    name,
    apply(logits, context) {
      checkLogits(logits, `the logits given to ${name}`);
      checkVocabulary(name, forced.values(), logits.length);
      const id = forced.get(context.ids.length - firstCounted(context, countPrompt));
      return id === undefined ? logits.slice() : only([id], logits.length);
    },
  };
}
