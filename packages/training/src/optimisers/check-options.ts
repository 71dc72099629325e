import { ConfigError } from "@tenon/tensor";

/** Throws `ConfigError` unless 0 ≤ value < 1: the share of a running mean that is kept. */
export function expectShare(owner: string, option: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new ConfigError(`${owner}: ${option} must be at least 0 and below 1, got ${value}`, { option, value });
}

/** Throws `ConfigError` unless the value is a finite number from 0 up. */
export function expectNotNegative(owner: string, option: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new ConfigError(`${owner}: ${option} must be a finite number from 0 up, got ${value}`, { option, value });
}
