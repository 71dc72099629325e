import type { Colour, Palette } from "./palette.ts";

/** Which colour stands for which value. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  /** The colour of a value; what lies outside counts as the nearer end. */
  colour(value: number, palette: Palette): Colour;
}

/** From nothing to much: the paper's colour, the accent, the ink's. Lighter or darker all the way, so it reads without hue. */
export function rising(from: number, to: number): Scale {
  return {
    from,
    to,
    colour: (value, { paper, accent, ink }) => {
      const share = shareOf(value, from, to);
      return share < 0.6 ? between(paper, accent, share / 0.6) : between(accent, ink, (share - 0.6) / 0.4);
    },
  };
}

/** Around a middle: one hue below, the paper's colour at it, another above. */
export function around(middle: number, reach: number): Scale {
  return {
    from: middle - reach,
    to: middle + reach,
    colour: (value, { paper, accent, counter }) => {
      const share = 2 * shareOf(value, middle - reach, middle + reach) - 1;
      return between(paper, share < 0 ? counter : accent, Math.abs(share));
    },
  };
}

/** A colour for text on another that can be read. */
export function readable(on: Colour, { ink, paper }: Palette): Colour {
  const distance = (colour: Colour): number => Math.abs(luminance(colour) - luminance(on));
  return distance(ink) >= distance(paper) ? ink : paper;
}

function shareOf(value: number, from: number, to: number): number {
  return to === from ? 0 : Math.min(1, Math.max(0, (value - from) / (to - from)));
}

const between = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** How bright a colour looks, as a share of white. */
const luminance = ([red, green, blue]: Colour): number =>
  Math.sqrt(0.2126 * (red / 255) ** 2.2 + 0.7152 * (green / 255) ** 2.2 + 0.0722 * (blue / 255) ** 2.2);
