/** Round numbers along an axis, and how they are written: with as many decimals as tell them apart. */
export interface Ticks {
  readonly values: readonly number[];
  readonly labels: readonly string[];
}

/**
 * About `count` multiples of 1, 2 or 5 times a power of ten. Inside the range, or with `around: true` so that the first and the last
 * enclose it. With `least`, they are at least so far apart: 1 for steps, which are whole.
 */
export function ticks(
  [from, to]: readonly [number, number],
  count: number,
  { around = false, least = 0 }: { readonly around?: boolean; readonly least?: number } = {},
): Ticks {
  if (from === to && !around) return { values: [from], labels: [String(from)] };
  const span = to > from ? to - from : Math.abs(from) || 1;
  const stride = roundStride(Math.max(span / Math.max(1, count), least));
  // A tick that rounding puts a hair outside is inside.
  const slack = 1e-9;
  let first = around ? Math.floor(from / stride + slack) : Math.ceil(from / stride - slack);
  let last = around ? Math.ceil(to / stride - slack) : Math.floor(to / stride + slack);
  if (around && first >= last) [first, last] = [first - 1, first + 1];
  const values = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * stride).toPrecision(12)));
  const decimals = Math.max(0, -Math.floor(Math.log10(stride) + slack));
  const isPlain = decimals <= 6 && last * stride < 1e7;
  const label = (value: number): string =>
    isPlain ? value.toFixed(decimals) : value === 0 ? "0" : value.toExponential();
  return { values, labels: values.map(label) };
}

/** The least of … 0.5, 1, 2, 5, 10 … that is not below. */
function roundStride(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** A step as it is written: 20,000. */
export function stepText(step: number): string {
  return String(step).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A loss as it is written, to four figures. */
export function lossText(loss: number): string {
  const size = Math.abs(loss);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return loss.toExponential(2);
  return size < 1000 ? loss.toPrecision(4) : stepText(Math.round(loss));
}
