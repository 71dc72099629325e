import { ConfigError } from "@tenon/tensor";

/**
 * Throws `ConfigError` unless every logit is finite or `-Infinity` and at least one is finite: choosing from anything
 * else would be a silent guess. `source` begins the message, such as "the logits after topK(5)".
 */
export function checkLogits(logits: Float32Array, source: string): void {
  let open = 0;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (Math.abs(logit) < Infinity) open++;
    else if (logit !== -Infinity) {
      throw new ConfigError(
        `${source}: ${logit} for token id ${id} of ${logits.length}. A logit is a finite number, or -Infinity for an excluded token; ` +
          "anything else usually comes from weights that diverged in training or were damaged. Check the model's parameters.",
        { source, id, logit },
      );
    }
  }
  if (open === 0) {
    throw new ConfigError(
      `${source}: every one of the ${logits.length} tokens is excluded, so there is nothing to choose from. Loosen or remove a transform that excludes tokens.`,
      { source, tokens: logits.length },
    );
  }
}
