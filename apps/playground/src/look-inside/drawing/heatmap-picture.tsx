import type { JSX } from "preact";

import { type HeatmapData, labelSize, layoutOf, lies } from "./heatmap-data.ts";
import { type Colour, css, type Palette } from "./palette.ts";
import { readable } from "./scale.ts";

/** So many colours are told apart: cells of one colour are one shape, which keeps the drawing small. */
const levels = 64;
const font = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** A heatmap as SVG, every colour written out: it looks the same wherever it is put. */
export function HeatmapPicture({
  data,
  palette,
}: {
  readonly data: HeatmapData;
  readonly palette: Palette;
}): JSX.Element {
  const layout = layoutOf(data);
  const { left, top, width, height, matrix, cell } = layout;
  const upright = !lies(data.columns, cell.width);
  const [ink, quiet] = [css(palette.ink), css(palette.quiet)];
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      font-family={font}
      font-size={labelSize}
    >
      <text x={left} y={12} fill={quiet}>
        {data.columnsTitle}
      </text>
      <text x={-(top + 2)} y={12} fill={quiet} transform="rotate(-90)" text-anchor="end">
        {data.rowsTitle}
      </text>
      {data.columns.map((label, column) => {
        if (label === "") return null;
        const x = left + (column + 0.5) * cell.width;
        return upright ? (
          <text key={column} fill={ink} transform={`translate(${x + 4} ${top - 5}) rotate(-90)`}>
            {label}
          </text>
        ) : (
          <text key={column} fill={ink} x={x} y={top - 5} text-anchor="middle">
            {label}
          </text>
        );
      })}
      {data.rows.map((label, row) => (
        <text key={row} fill={ink} x={left - 5} y={top + (row + 0.5) * cell.height + 4} text-anchor="end">
          {label}
        </text>
      ))}
      <g transform={`translate(${left} ${top})`}>
        <Cells data={data} palette={palette} cell={cell} />
        <rect width={matrix.width} height={matrix.height} fill="none" stroke={css(palette.edge)} />
      </g>
      <Key data={data} palette={palette} x={left} y={top + matrix.height + 12} />
    </svg>
  );
}

function Cells({
  data,
  palette,
  cell: { width, height },
}: {
  readonly data: HeatmapData;
  readonly palette: Palette;
  readonly cell: { readonly width: number; readonly height: number };
}): JSX.Element {
  const { rows, columns, value, text } = data;
  const shapes = new Map<string, string[]>();
  const without: string[] = [];
  const texts: JSX.Element[] = [];
  for (const row of rows.keys()) {
    let [run, before] = [0, ""];
    const end = (column: number): void => {
      if (before !== "" && run > 0)
        (shapes.get(before) ?? shapes.set(before, []).get(before)!).push(
          `M${(column - run) * width} ${row * height}h${run * width}v${height}h${-run * width}z`,
        );
      run = 0;
    };
    for (const column of columns.keys()) {
      const found = value(row, column);
      const colour = found === undefined ? undefined : levelled(found, data, palette);
      const name = colour === undefined ? "" : css(colour);
      if (name !== before) end(column);
      before = name;
      run++;
      if (colour === undefined) without.push(`M${column * width} ${(row + 1) * height}l${width} ${-height}`);
      else if (text !== undefined)
        texts.push(
          <text
            key={`${row} ${column}`}
            x={(column + 0.5) * width}
            y={(row + 0.5) * height + 4}
            text-anchor="middle"
            fill={css(readable(colour))}
          >
            {text(row, column)}
          </text>,
        );
    }
    end(columns.length);
  }
  return (
    <>
      <rect width={columns.length * width} height={rows.length * height} fill={css(palette.hidden)} />
      {without.length > 0 && <path d={without.join("")} stroke={css(palette.edge)} fill="none" />}
      <g shape-rendering="crispEdges">
        {[...shapes].map(([colour, pieces]) => (
          <path key={colour} d={pieces.join("")} fill={colour} />
        ))}
      </g>
      {texts}
    </>
  );
}

/** What the colours mean. */
function Key({
  data: { scale, without },
  palette,
  x,
  y,
}: {
  readonly data: HeatmapData;
  readonly palette: Palette;
  readonly x: number;
  readonly y: number;
}): JSX.Element {
  const middle = scale.value(0.5);
  const bent = Math.abs(middle - (scale.from + scale.to) / 2) > 1e-9;
  const [from, to] = [
    shortNumber(scale.from),
    `${shortNumber(scale.to)}${bent ? `, half-way ${shortNumber(middle)}` : ""}`,
  ];
  const start = from.length * 7 + 4;
  const steps = 32;
  const after = start + 96 + to.length * 7 + 18;
  return (
    <g transform={`translate(${x} ${y})`} fill={css(palette.quiet)}>
      <text y={10}>{from}</text>
      {Array.from({ length: steps }, (_, i) => (
        <rect key={i} x={start + i * 3} width={3} height={12} fill={css(scale.paint(i / (steps - 1), palette))} />
      ))}
      <rect x={start} width={steps * 3} height={12} fill="none" stroke={css(palette.edge)} />
      <text x={start + 100} y={10}>
        {to}
      </text>
      {without !== undefined && (
        <>
          <rect x={after} width={12} height={12} fill={css(palette.hidden)} stroke={css(palette.edge)} />
          <path d={`M${after} 12l12 -12`} stroke={css(palette.edge)} />
          <text x={after + 18} y={10}>
            {without}
          </text>
        </>
      )}
    </g>
  );
}

function levelled(value: number, { scale }: HeatmapData, palette: Palette): Colour {
  return scale.paint(Math.round(levels * scale.share(value)) / levels, palette);
}

/** With three digits at most, and a minus that is one. */
const shortNumber = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");
