const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** 1234567 as 1,234,567. */
export const count = (n: number): string => n.toLocaleString("en-US");

/** 1 layer, 2 layers. */
export const plural = (n: number, thing: string): string => `${count(n)} ${thing}${n === 1 ? "" : "s"}`;

/** Bytes in powers of 1000, with three digits: 1234567 as 1.23 MB. */
export function byteCount(n: number): string {
  let unit = 0;
  let size = n;
  // 999.5 would be rounded to 1000.
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  const digits = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return `${size.toFixed(digits)} ${units[unit]}`;
}

/** With three digits, or all there are before the point: 0.123, 12.3, 1,235. */
export const threeDigits = (n: number): string => (n >= 99.95 ? count(Math.round(n)) : n.toPrecision(3));

/** Seconds as people say them: 0.8 s, 12 s, 3 min 5 s, 2 h 10 min. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 0.1234 as 12.3 %. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A loss, in nats: enough digits to see it fall. */
export const lossText = (loss: number): string => loss.toFixed(4);
