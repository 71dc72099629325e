import { ConfigError } from "@tenon/tensor";

/** Throws `ConfigError` unless `value` is a whole number from `least` up. */
export function expectAtLeast(caller: string, option: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ConfigError(`${caller}: ${option} must be a whole number from ${least} up, got ${value}`, {
    [option]: value,
    least,
  });
}
