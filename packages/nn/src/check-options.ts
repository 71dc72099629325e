import { ConfigError } from "@tenon/tensor";

/**
 * Throws `ConfigError` unless `value` is a whole number from 1 up: a width, a number of heads, a number of layers.
 *
 * @example
 * ```ts
 * const hidden = 64;
 * expectSize("MLP", "hidden", hidden); // 0 would give: MLP: hidden must be a whole number from 1 up, got 0
 * ```
 */
export function expectSize(part: string, option: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new ConfigError(`${part}: ${option} must be a whole number from 1 up, got ${value}`, { part, option, value });
}

/**
 * Throws `ConfigError` unless `value` is a finite number above 0: an epsilon, a base, a deviation.
 *
 * @example
 * ```ts
 * expectPositive("RMSNorm", "epsilon", 1e-6);
 * ```
 */
export function expectPositive(part: string, option: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new ConfigError(`${part}: ${option} must be a finite number above 0, got ${value}`, { part, option, value });
}
