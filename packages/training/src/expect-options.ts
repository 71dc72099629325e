import { ConfigError } from "@tenon/tensor";

/** Throws `ConfigError` unless 0 ≤ value ≤ 1; `above` leaves 0 out, `below` leaves 1 out. */
export function expectShare(
  owner: string,
  option: string,
  value: number,
  { above = false, below = false }: { readonly above?: boolean; readonly below?: boolean } = {},
): void {
  if ((above ? value > 0 : value >= 0) && (below ? value < 1 : value <= 1)) return;
  const range = `${above ? "above 0" : "at least 0"} and ${below ? "below 1" : "at most 1"}`;
  throw new ConfigError(`${owner}: ${option} must be ${range}, got ${value}`, { option, value });
}

/** Throws `ConfigError` unless the value is a finite number from 0 up. */
export function expectNotNegative(owner: string, option: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new ConfigError(`${owner}: ${option} must be a finite number from 0 up, got ${value}`, { option, value });
}

/** Throws `ConfigError` unless the value is a whole number from `least` up. */
export function expectAtLeast(owner: string, option: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ConfigError(`${owner}: ${option} must be a whole number from ${least} up, got ${value}`, { option, value });
}
