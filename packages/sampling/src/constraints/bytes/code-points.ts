/** Code points as ranges, both ends included, in ascending order and apart from each other. */
export type CodePoints = readonly (readonly [first: number, last: number])[];

const last = 0x10ffff;

/** The same code points in order and without overlaps. */
export function codePoints(ranges: CodePoints): CodePoints {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before !== undefined && from <= before[1] + 1) before[1] = Math.max(before[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** All others. */
export function except(ranges: CodePoints): CodePoints {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [from, to] of codePoints(ranges)) {
    if (from > next) rest.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= last) rest.push([next, last]);
  return rest;
}

/** Those that are in both. */
export function inBoth(a: CodePoints, b: CodePoints): CodePoints {
  return except([...except(a), ...except(b)]);
}
