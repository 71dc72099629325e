import { ConfigError } from "@tenon/tensor";

/** Throws `ConfigError` unless 0 ≤ value ≤ 1, or with `above`, 0 < value ≤ 1. */
export function expectShare(
  caller: string,
  option: string,
  value: number,
  { above = false }: { readonly above?: boolean } = {},
): void {
  if ((above ? value > 0 : value >= 0) && value <= 1) return;
  throw new ConfigError(
    `${caller}: ${option} must be ${above ? "above 0" : "at least 0"} and at most 1, got ${value}`,
    {
      option,
      value,
    },
  );
}
