import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import type { LensReading } from "../../engine/inspection/prediction-data.ts";
import { percent } from "../../interface/numbers.ts";
import { css, palette } from "../drawing/palette.ts";
import { readable, rising } from "../drawing/scale.ts";
import { visible } from "../shown.ts";

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
  const colours = palette().value;
  const scale = rising(0, 1);
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
            <tr key={title}>
              <th scope="row">{title}</th>
              {candidates[at]!.map(([best], place) => {
                const colour = scale.colour(best!.probability, colours);
                const selected = at === row && place === position;
                return (
                  // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- the button in it has its text
                  <td key={place}>
                    <button
                      type="button"
                      data-place={`${at} ${place}`}
                      aria-pressed={selected}
                      tabIndex={selected ? 0 : -1}
                      title={candidates[at]![place]!.map(
                        ({ token, probability }) => `${visible(token)} ${percent(probability)}`,
                      ).join("\n")}
                      style={{ background: css(colour), color: css(readable(colour)) }}
                      onClick={() => onSelect({ row: at, position: place })}
                      onMouseEnter={() => onPoint({ row: at, position: place })}
                      onMouseLeave={() => onPoint(undefined)}
                      onKeyDown={typed}
                    >
                      <span class="for-screen-readers">
                        After {title}, at {labels[place]}:
                      </span>
                      <code>{visible(best!.token)}</code>
                      <span class="share">{percent(best!.probability)}</span>
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
