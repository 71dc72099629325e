/**
 * A number with so many decimals, ties to even as Python's `f"{value:.2f}"` has it: `toFixed` rounds them up, and precisions such as
 * 1/16 = 6.25 % are ties.
 */
export function fixed(value: number, decimals: number): string {
  // Only an odd multiple of 2^−(decimals + 1) lies exactly between two decimals.
  if (Math.abs(value * 2 ** (decimals + 1)) % 2 !== 1) return value.toFixed(decimals);
  const below = Math.floor(value * 10 ** decimals);
  return ((below % 2 === 0 ? below : below + 1) / 10 ** decimals).toFixed(decimals);
}
