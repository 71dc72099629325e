import type { Scale } from "./scale.ts";

/** A matrix that is drawn: values as colours, with labels on both sides. */
export interface HeatmapData {
  readonly title: string;
  /** An empty label is not drawn. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** What the rows and the columns are. */
  readonly rowsTitle: string;
  readonly columnsTitle: string;
  /** The value of a cell; undefined where there can be none. */
  readonly value: (row: number, column: number) => number | undefined;
  readonly scale: Scale;
  /** What stands for a cell without a value: "masked". */
  readonly without?: string;
  /** What is written in a cell. */
  readonly text?: (row: number, column: number) => string;
  /** Width and height of a cell. Default: as large as fits a column of text. */
  readonly cell?: { readonly width: number; readonly height: number };
}

/** Where the pieces of a heatmap are. */
export interface HeatmapLayout {
  readonly cell: { readonly width: number; readonly height: number };
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** How high the matrix alone is, and how wide. */
  readonly matrix: { readonly width: number; readonly height: number };
}

/** The size of labels, and about how wide one of their characters is. */
export const labelSize = 11;
const characterWidth = 6.8;

/** Finds room for labels, titles and the key below. */
export function layoutOf({ rows, columns, cell = cellFor(rows.length, columns.length) }: HeatmapData): HeatmapLayout {
  const left = 24 + widest(rows);
  // Labels stand upright over the columns where they would not fit side by side.
  const top = 22 + (lies(columns, cell.width) ? 14 : widest(columns));
  const matrix = { width: columns.length * cell.width, height: rows.length * cell.height };
  return {
    cell,
    left,
    top,
    matrix,
    width: left + Math.max(matrix.width, 220) + 8,
    height: top + matrix.height + 34,
  };
}

/** Do the labels of the columns fit side by side? */
export const lies = (columns: readonly string[], width: number): boolean => widest(columns) <= width;

const widest = (labels: readonly string[]): number =>
  Math.ceil(Math.max(0, ...labels.map((label) => [...label].length)) * characterWidth) + 6;

function cellFor(rows: number, columns: number): { width: number; height: number } {
  const size = Math.min(34, Math.max(12, Math.floor(560 / Math.max(rows, columns))));
  return { width: size, height: size };
}
