import { ConfigError } from "@tenon/tensor";

/** The refusal of something that a pattern has at a position and that this package does not do. */
export function unsupported(what: string, pattern: string, position: number, remedy: string): ConfigError {
  return new ConfigError(`${what} at position ${position} of the pattern /${pattern}/ is not supported: ${remedy}.`, {
    pattern,
    position,
  });
}
