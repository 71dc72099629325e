import type { JSX } from "preact";
import { useId, useMemo, useRef, useState } from "preact/hooks";

import { type HeatmapData, type HeatmapLayout, layoutOf } from "./heatmap-data.ts";
import { HeatmapPicture } from "./heatmap-picture.tsx";
import { palette } from "./palette.ts";
import { PictureButtons } from "./picture-buttons.tsx";

/** A cell. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** A heatmap that tells what stands in the cell under the pointer, or in the one that the arrow keys have gone to. */
export function Heatmap({
  data,
  describe,
  marked,
  onSelect,
}: {
  /** Memoised by its maker: the same object is drawn once. */
  readonly data: HeatmapData;
  /** What a cell says, in a sentence. */
  readonly describe: (cell: Cell) => string;
  /** A row that is marked. */
  readonly marked?: number | undefined;
  /** A cell was clicked, or Enter pressed on it. */
  readonly onSelect?: (cell: Cell) => void;
}): JSX.Element {
  const [at, setAt] = useState<Cell | undefined>();
  const id = useId();
  const drawing = useRef<HTMLDivElement>(null);
  const colours = palette().value;
  const layout = useMemo(() => layoutOf(data), [data]);
  const drawn = useMemo(() => <HeatmapPicture data={data} palette={colours} />, [data, colours]);
  const [rows, columns] = [data.rows.length, data.columns.length];
  const pointed = at !== undefined && at.row < rows && at.column < columns;
  const here = pointed ? at : { row: Math.min(marked ?? 0, rows - 1), column: 0 };

  const cellAt = ({ clientX, clientY }: MouseEvent): Cell | undefined => {
    const { left, top } = drawing.current!.getBoundingClientRect();
    const column = Math.floor((clientX - left - layout.left) / layout.cell.width);
    const row = Math.floor((clientY - top - layout.top) / layout.cell.height);
    return row < 0 || column < 0 || row >= rows || column >= columns ? undefined : { row, column };
  };
  const typed = (event: KeyboardEvent): void => {
    const { row, column } = here;
    if (onSelect !== undefined && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      onSelect(here);
      return;
    }
    const to = {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      Home: [row, 0],
      End: [row, columns - 1],
    }[event.key] as [number, number] | undefined;
    if (to === undefined) return;
    event.preventDefault();
    const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
    const cell = { row: within(to[0], rows), column: within(to[1], columns) };
    setAt(cell);
    showCell(drawing.current!.parentElement!, layout, cell);
  };
  return (
    <div class="heatmap">
      <div
        class="wide"
        tabIndex={0}
        role="grid"
        aria-label={`${data.title}: ${data.rowsTitle} by ${data.columnsTitle}. The arrow keys go from cell to cell.`}
        aria-rowcount={rows}
        aria-colcount={columns}
        aria-activedescendant={id}
        onFocus={() => setAt(here)}
        onKeyDown={typed}
        onMouseMove={(event) => setAt(cellAt(event))}
        onMouseLeave={() => setAt(undefined)}
        onClick={(event) => {
          const cell = cellAt(event);
          if (cell !== undefined) onSelect?.(cell);
        }}
      >
        <div
          class="drawing"
          role="row"
          aria-rowindex={here.row + 1}
          ref={drawing}
          style={{ width: `${layout.width}px`, height: `${layout.height}px` }}
        >
          <div aria-hidden="true">{drawn}</div>
          {marked !== undefined && marked < rows && (
            <div class="marked-row" style={rowBox(layout, marked)} aria-hidden="true" />
          )}
          {/* Of all cells only the one that is meant is there for screen readers: some drawings have thousands. */}
          <div
            id={id}
            role="gridcell"
            class={pointed ? "marked-cell" : "unmarked-cell"}
            aria-colindex={here.column + 1}
            aria-label={describe(here)}
            style={cellBox(layout, here)}
          />
        </div>
      </div>
      <div class="below">
        <p class="readout">
          {pointed ? (
            describe(here)
          ) : (
            <span class="quiet">Point at a cell, or focus the drawing and use the arrow keys.</span>
          )}
        </p>
        <PictureButtons title={data.title} draw={(colours) => <HeatmapPicture data={data} palette={colours} />} />
      </div>
    </div>
  );
}

const cellBox = ({ left, top, cell: { width, height } }: HeatmapLayout, { row, column }: Cell): JSX.CSSProperties => ({
  left: `${left + column * width}px`,
  top: `${top + row * height}px`,
  width: `${width}px`,
  height: `${height}px`,
});

const rowBox = ({ left, top, cell, matrix }: HeatmapLayout, row: number): JSX.CSSProperties => ({
  left: `${left}px`,
  top: `${top + row * cell.height}px`,
  width: `${matrix.width}px`,
  height: `${cell.height}px`,
});

/** Scrolls the box, and nothing else, so far that the cell can be seen. */
function showCell(box: HTMLElement, { left, cell: { width } }: HeatmapLayout, { column }: Cell): void {
  const [from, to] = [left + column * width, left + (column + 1) * width];
  if (to > box.scrollLeft + box.clientWidth) box.scrollLeft = to - box.clientWidth + width;
  if (from < box.scrollLeft) box.scrollLeft = column === 0 ? 0 : from - width;
}
