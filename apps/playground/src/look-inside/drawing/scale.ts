import type { Colour, Palette } from "./palette.ts";

/** Which colour stands for which value. */
export interface Scale {
  /** The values at the ends; what lies outside counts as the nearer one. */
  readonly from: number;
  readonly to: number;
  /** How far along the scale a value lies, from 0 to 1. */
  share(value: number): number;
  /** The value that lies there. */
  value(share: number): number;
  /** The colour that lies there. */
  paint(share: number, palette: Palette): Colour;
}

/**
 * From nothing to much: the paper's colour, the accent, the ink's. Lighter or darker all the way, so it reads without hue. A bend of 2 goes by the square
 * root of the value, which shows what is faint.
 */
export function rising(from: number, to: number, bend: 1 | 2 = 1): Scale {
  return {
    from,
    to,
    share: (value) => shareOf(value, from, to) ** (1 / bend),
    value: (share) => from + (to - from) * share ** bend,
    paint: (share, { paper, accent, ink }) =>
      share < 0.6 ? between(paper, accent, share / 0.6) : between(accent, ink, (share - 0.6) / 0.4),
  };
}

/** Around a middle: one hue below, the paper's colour at it, another above. */
export function around(middle: number, reach: number): Scale {
  const [from, to] = [middle - reach, middle + reach];
  return {
    from,
    to,
    share: (value) => (reach === 0 ? 0.5 : shareOf(value, from, to)),
    value: (share) => from + (to - from) * share,
    paint: (share, { paper, accent, counter }) =>
      between(paper, share < 0.5 ? counter : accent, Math.abs(2 * share - 1)),
  };
}

/** The colour of a value. */
export const colourOf = (scale: Scale, value: number, palette: Palette): Colour =>
  scale.paint(scale.share(value), palette);

/** Black or white, whichever can be read better on a colour: the contrast is 4.58 : 1 or more. */
export function readable(on: Colour): Colour {
  const light = luminance(on);
  // (1.05) / (light + 0.05) against (light + 0.05) / 0.05, the contrasts with white and with black.
  return 1.05 * 0.05 > (light + 0.05) ** 2 ? [255, 255, 255] : [0, 0, 0];
}

function shareOf(value: number, from: number, to: number): number {
  return to === from ? 0 : Math.min(1, Math.max(0, (value - from) / (to - from)));
}

const between = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** Relative luminance, as WCAG 2 defines it. */
function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
