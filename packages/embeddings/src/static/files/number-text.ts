/** Six digits bring every decimal of six digits back, nine every float. */
const [fewest, most] = [6, 9];

/** A float as text: with so many significant digits, or with the fewest that are read as the same float again. */
export function numberText(x: number, digits?: number): string {
  if (digits !== undefined) return String(Number(x.toPrecision(digits)));
  for (let n = fewest; n < most; n++) {
    const shorter = Number(x.toPrecision(n));
    if (Math.fround(shorter) === x) return String(shorter);
  }
  return String(Number(x.toPrecision(most)));
}
