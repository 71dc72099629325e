import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { type Colour, type Palette, palette } from "../drawing/palette.ts";
import { colourOf, rising } from "../drawing/scale.ts";
import type { Pattern } from "./pattern.ts";

/** A pattern as pixels, one for each weight. */
export function Thumbnail({ pattern }: { readonly pattern: Pattern }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = palette().value;
  const { weights, visible, queries, keys } = pattern;
  useLayoutEffect(() => {
    const context = canvas.current!.getContext("2d")!;
    const image = context.createImageData(keys, queries);
    const pixels = new Uint32Array(image.data.buffer);
    const { levels, hidden } = pixelsOf(colours);
    // Without an iterator: there are thousands of weights in each of hundreds of heads.
    for (let i = 0; i < weights.length; i++)
      pixels[i] = visible?.[i] === 0 ? hidden : levels[Math.round(255 * Math.min(1, weights[i]!))]!;
    context.putImageData(image, 0, 0);
  }, [weights, visible, colours]);
  return <canvas ref={canvas} width={keys} height={queries} aria-hidden="true" />;
}

interface Pixels {
  /** For 256 weights from 0 to 1. */
  readonly levels: Uint32Array;
  readonly hidden: number;
}

let latest: { readonly colours: Palette; readonly pixels: Pixels } | undefined;

/** The colours of weights as an image has them, made once for each theme. */
function pixelsOf(colours: Palette): Pixels {
  if (latest?.colours !== colours) {
    const scale = rising(0, 1, 2);
    const pixel = (colour: Colour): number => new Uint32Array(Uint8ClampedArray.of(...colour, 255).buffer)[0]!;
    const levels = Uint32Array.from({ length: 256 }, (_, level) => pixel(colourOf(scale, level / 255, colours)));
    latest = { colours, pixels: { levels, hidden: pixel(colours.hidden) } };
  }
  return latest.pixels;
}
