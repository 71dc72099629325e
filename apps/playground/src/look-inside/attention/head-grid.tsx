import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";

import type { AttentionMaps } from "../../engine/inspection/attention-data.ts";
import { percent } from "../../interface/numbers.ts";
import { useStaggered } from "../use-staggered.ts";
import { type Pattern, patternOf } from "./pattern.ts";
import { summaryOf } from "./pattern-summary.ts";
import { Thumbnail } from "./thumbnail.tsx";

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
      <div
        class="head-grid"
        role="grid"
        tabIndex={-1}
        aria-label={`${maps.title}: heads by layer`}
        ref={grid}
        onKeyDown={typed}
      >
        <div role="row" class="head-row" aria-hidden="true">
          <span class="head-label" />
          {Array.from({ length: most }, (_, head) => (
            <span class="head-label" key={head}>
              head {head}
            </span>
          ))}
        </div>
        {layers.map((_, row) => (
          <HeadRow
            key={row}
            maps={maps}
            keys={keys}
            layer={row}
            selected={row === layer ? head : undefined}
            onSelect={(head) => onSelect(row, head)}
          />
        ))}
      </div>
    </div>
  );
}

/** The heads of one layer. */
function HeadRow({
  maps,
  keys,
  layer,
  selected,
  onSelect,
}: {
  readonly maps: AttentionMaps;
  readonly keys: number;
  readonly layer: number;
  readonly selected: number | undefined;
  readonly onSelect: (head: number) => void;
}): JSX.Element {
  const asked = useMemo(() => ({ maps, keys }), [maps, keys]);
  const shown = useStaggered(asked, layer);
  const heads = useMemo(() => shown && patternsOf(shown.maps, layer, shown.keys), [shown]);
  const select = useRef(onSelect);
  select.current = onSelect;
  return useMemo(
    () => (
      <div role="row" class="head-row">
        <span class="head-label" role="rowheader">
          layer {layer}
        </span>
        {heads?.map(({ pattern, hint }, head) => (
          <div role="gridcell" key={head} aria-selected={head === selected}>
            {pattern === undefined ? (
              <span class="quiet">none</span>
            ) : (
              <button
                type="button"
                data-place={`${layer} ${head}`}
                aria-label={`Layer ${layer}, head ${head}`}
                aria-pressed={head === selected}
                title={hint}
                tabIndex={head === selected ? 0 : -1}
                onClick={() => select.current(head)}
              >
                <Thumbnail pattern={pattern} />
              </button>
            )}
          </div>
        ))}
      </div>
    ),
    [heads, selected],
  );
}

interface Shown {
  readonly pattern: Pattern | undefined;
  readonly hint: string | undefined;
}

function patternsOf(maps: AttentionMaps, layer: number, keys: number): readonly Shown[] {
  return Array.from({ length: maps.layers[layer]?.heads ?? 0 }, (_, head) => {
    const pattern = patternOf(maps, layer, head, keys);
    return { pattern, hint: pattern && hintOf(layer, head, pattern, maps.queries === maps.keys) };
  });
}

function hintOf(layer: number, head: number, { weights, queries, keys }: Pattern, within: boolean): string {
  const { self, before, first } = summaryOf(weights, queries, keys);
  const name = `Layer ${layer}, head ${head}`;
  return within
    ? `${name}: on average ${percent(self)} to itself, ${percent(before)} to the token before, ${percent(first)} to the first`
    : `${name}: on average ${percent(first)} to the first token`;
}
