import { ConfigError } from "@tenon/tensor";

/**
 * `changed`, what the transform makes of a logit, as float32. Throws `ConfigError` where that is not finite though the
 * logit was: -Infinity would exclude a token that nobody wanted to exclude.
 */
export function inRange(changed: number, logit: number, name: string): number {
  const rounded = Math.fround(changed);
  if (logit !== -Infinity && !Number.isFinite(rounded)) {
    throw new ConfigError(
      `${name} takes the logit ${logit} out of the range of float32. Choose a milder value, or exclude a token with suppress(ids).`,
      { transform: name, logit },
    );
  }
  return rounded;
}
