import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";

import type { AttentionMaps } from "../../engine/inspection/attention-data.ts";
import { percent } from "../../interface/numbers.ts";
import { type Colour, type Palette, palette } from "../drawing/palette.ts";
import { rising } from "../drawing/scale.ts";
import { summaryOf } from "./pattern-summary.ts";

/** One pattern of some: its weights [t, s], and where it may look. */
export interface Pattern {
  readonly weights: Float32Array;
  readonly visible: Uint8Array | undefined;
  readonly queries: number;
  readonly keys: number;
}

/** The pattern of a head; undefined where there is none. */
export function patternOf(
  { layers, visible }: AttentionMaps,
  layer: number,
  head: number,
  keys: number,
): Pattern | undefined {
  const { weights, heads } = layers[layer]!;
  if (weights === undefined) return undefined;
  const size = weights.length / heads;
  const seen = visible[layer];
  return {
    weights: weights.subarray(head * size, (head + 1) * size),
    visible: seen !== undefined && seen.length > size ? seen.subarray(head * size, (head + 1) * size) : seen,
    queries: size / keys,
    keys,
  };
}

/** Every head of every layer as a small picture; the arrow keys go from one to the next. */
export function HeadGrid({
  maps,
  keys,
  layer,
  head,
  onSelect,
}: {
  readonly maps: AttentionMaps;
  /** How many keys each query has. */
  readonly keys: number;
  readonly layer: number;
  readonly head: number;
  readonly onSelect: (layer: number, head: number) => void;
}): JSX.Element {
  const grid = useRef<HTMLDivElement>(null);
  const { layers } = maps;
  const most = Math.max(...layers.map(({ heads }) => heads));
  const patterns = useMemo(() => {
    const within = maps.queries === maps.keys;
    return layers.map(({ heads }, row) =>
      Array.from({ length: heads }, (_, column) => {
        const pattern = patternOf(maps, row, column, keys);
        return pattern && { pattern, hint: hintOf(row, column, pattern, within) };
      }),
    );
  }, [maps, keys]);
  const typed = (event: KeyboardEvent): void => {
    const to = {
      ArrowRight: [layer, head + 1],
      ArrowLeft: [layer, head - 1],
      ArrowDown: [layer + 1, head],
      ArrowUp: [layer - 1, head],
      Home: [layer, 0],
      End: [layer, Infinity],
    }[event.key] as [number, number] | undefined;
    if (to === undefined) return;
    event.preventDefault();
    const row = Math.min(layers.length - 1, Math.max(0, to[0]));
    const column = Math.min(layers[row]!.heads - 1, Math.max(0, to[1]));
    onSelect(row, column);
    grid.current!.querySelector<HTMLElement>(`[data-place="${row} ${column}"]`)?.focus();
  };
  return (
    <div class="wide">
      <div class="head-grid" role="grid" aria-label={`${maps.title}: heads by layer`} ref={grid}>
        <div role="row" class="head-row" aria-hidden="true">
          <span class="head-label" />
          {Array.from({ length: most }, (_, head) => (
            <span class="head-label" key={head}>
              head {head}
            </span>
          ))}
        </div>
        {patterns.map((heads, row) => (
          <div role="row" class="head-row" key={row}>
            <span class="head-label" role="rowheader">
              layer {row}
            </span>
            {heads.map((found, column) => {
              const selected = row === layer && column === head;
              return (
                <div role="gridcell" key={column} aria-selected={selected}>
                  {found === undefined ? (
                    <span class="quiet">none</span>
                  ) : (
                    <button
                      type="button"
                      data-place={`${row} ${column}`}
                      aria-label={`Layer ${row}, head ${column}`}
                      aria-pressed={selected}
                      title={found.hint}
                      tabIndex={selected ? 0 : -1}
                      onClick={() => onSelect(row, column)}
                      onKeyDown={typed}
                    >
                      <Thumbnail pattern={found.pattern} />
                    </button>
                  )}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function hintOf(layer: number, head: number, { weights, queries, keys }: Pattern, within: boolean): string {
  const { self, before, first } = summaryOf(weights, queries, keys);
  const name = `Layer ${layer}, head ${head}`;
  return within
    ? `${name}: on average ${percent(self)} to itself, ${percent(before)} to the token before, ${percent(first)} to the first`
    : `${name}: on average ${percent(first)} to the first token`;
}

/** A pattern as pixels, one for each weight. */
function Thumbnail({ pattern }: { readonly pattern: Pattern }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = palette().value;
  const { weights, visible, queries, keys } = pattern;
  useLayoutEffect(() => {
    const context = canvas.current!.getContext("2d")!;
    const image = context.createImageData(keys, queries);
    const pixels = new Uint32Array(image.data.buffer);
    const { levels, hidden } = pixelsOf(colours);
    for (const [i, weight] of weights.entries())
      // The square root shows what is faint.
      pixels[i] = visible?.[i] === 0 ? hidden : levels[Math.round(255 * Math.sqrt(Math.min(1, weight)))]!;
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

/** The colours of weights as an image has them: made once for each theme, since there are thousands of pictures. */
function pixelsOf(colours: Palette): Pixels {
  if (latest?.colours !== colours) {
    const scale = rising(0, 255);
    const pixel = (colour: Colour): number => new Uint32Array(Uint8ClampedArray.of(...colour, 255).buffer)[0]!;
    const levels = Uint32Array.from({ length: 256 }, (_, level) => pixel(scale.colour(level, colours)));
    latest = { colours, pixels: { levels, hidden: pixel(colours.hidden) } };
  }
  return latest.pixels;
}
