const plain = new Intl.NumberFormat("en-US");

/** 1234567 → "1,234,567". */
export const count = (value: number): string => plain.format(value);

/** With three digits and a word for the size: 124439808 → "124 million". */
export function roughly(value: number): string {
  for (const [size, word] of [
    [1e12, "trillion"],
    [1e9, "billion"],
    [1e6, "million"],
  ] as const)
    if (value >= size) return `${count(Number((value / size).toPrecision(3)))} ${word}`;
  return count(Math.round(value));
}

/** 1500000 → "1.43 MiB". */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const unit = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log2(value) / 10));
  return `${Number((value / 1024 ** unit).toPrecision(3))} ${units[unit]}`;
}

/** 0.1234 → "12.3 %". */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 99.95 || value === 0 ? value.toFixed(0) : value < 0.1 ? "< 0.1" : value.toFixed(1)} %`;
}

/** 75.2 → "1 min 15 s". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes === 0) return `${rest} s`;
  return minutes < 60 ? `${minutes} min ${rest} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
