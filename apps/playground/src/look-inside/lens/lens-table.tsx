import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";

import type { Candidate, LensReading } from "../../engine/inspection/prediction-data.ts";
import { percent } from "../../interface/numbers.ts";
import { css, palette } from "../drawing/palette.ts";
import { colourOf, readable, rising } from "../drawing/scale.ts";
import { visible } from "../shown.ts";
import { useStaggered } from "../use-staggered.ts";
import "./lens.css";

/** A cell: after which row of the lens, and at which token. */
export interface LensPlace {
  readonly row: number;
  readonly position: number;
}

/** Layers by positions, each with its most probable token; one cell is asked about. The arrow keys go from cell to cell. */
export function LensTable({
  lens: { rows, candidates },
  labels,
  row,
  position,
  onPoint,
  onSelect,
}: {
  readonly lens: LensReading;
  readonly labels: readonly string[];
  readonly row: number;
  readonly position: number;
  /** The pointer is over a cell, or over none any more. */
  readonly onPoint: (place: LensPlace | undefined) => void;
  readonly onSelect: (place: LensPlace) => void;
}): JSX.Element {
  const table = useRef<HTMLTableElement>(null);
  const typed = (event: KeyboardEvent): void => {
    const to = {
      ArrowRight: [row, position + 1],
      ArrowLeft: [row, position - 1],
      ArrowDown: [row + 1, position],
      ArrowUp: [row - 1, position],
    }[event.key] as [number, number] | undefined;
    if (to === undefined) return;
    event.preventDefault();
    const next = [
      Math.min(rows.length - 1, Math.max(0, to[0])),
      Math.min(labels.length - 1, Math.max(0, to[1])),
    ] as const;
    onSelect({ row: next[0], position: next[1] });
    table.current!.querySelector<HTMLElement>(`[data-place="${next.join(" ")}"]`)?.focus();
  };
  return (
    <div class="wide lens">
      <table ref={table} aria-label="The most probable token after each layer, at each position">
        <thead>
          <tr>
            <th scope="col">after</th>
            {labels.map((label, position) => (
              <th scope="col" key={position}>
                <span class="place">{position}</span> <code>{label}</code>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((title, at) => (
            <LensRow
              key={title}
              title={title}
              row={at}
              cells={candidates[at]!}
              labels={labels}
              selected={at === row ? position : undefined}
              onPoint={onPoint}
              onSelect={onSelect}
              onKeyDown={typed}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One row: the best token of every position. */
function LensRow({
  title,
  row,
  cells,
  labels,
  selected,
  ...handlers
}: {
  readonly title: string;
  readonly row: number;
  readonly cells: readonly (readonly Candidate[])[];
  readonly labels: readonly string[];
  readonly selected: number | undefined;
  readonly onPoint: (place: LensPlace | undefined) => void;
  readonly onSelect: (place: LensPlace) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}): JSX.Element {
  const colours = palette().value;
  const asked = useMemo(() => ({ cells, labels }), [cells]);
  const shown = useStaggered(asked, row);
  const latest = useRef(handlers);
  latest.current = handlers;
  return useMemo(
    () => (
      <tr>
        <th scope="row">{title}</th>
        {shown?.cells.map(([best, ...others], position) => {
          const { token, probability } = best!;
          const colour = colourOf(scale, probability, colours);
          return (
            // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- the button in it has its text
            <td key={position}>
              <button
                type="button"
                data-place={`${row} ${position}`}
                aria-pressed={position === selected}
                tabIndex={position === selected ? 0 : -1}
                title={[best!, ...others].map(said).join("\n")}
                style={{ background: css(colour), color: css(readable(colour)) }}
                onClick={() => latest.current.onSelect({ row, position })}
                onMouseEnter={() => latest.current.onPoint({ row, position })}
                onMouseLeave={() => latest.current.onPoint(undefined)}
                onKeyDown={(event) => latest.current.onKeyDown(event)}
              >
                <span class="for-screen-readers">
                  After {title}, at {shown.labels[position]}:
                </span>
                <code>{visible(token)}</code>
                <span class="share">{percent(probability)}</span>
              </button>
            </td>
          );
        })}
      </tr>
    ),
    [shown, selected, colours],
  );
}

const scale = rising(0, 1);

const said = ({ token, probability }: Candidate): string => `${visible(token)} ${percent(probability)}`;
