/** A column: its head, whether it holds numbers, which stand at the right, and the text of a row in it. */
export interface Column<R> {
  readonly head: string;
  readonly number?: true;
  readonly text: (row: R) => string;
}

/** Rows as lines of text with aligned columns, the heads above and, under a rule, a last row for the whole. */
export function textTable<R>(columns: readonly Column<R>[], rows: readonly R[], whole: R): string {
  const heads = columns.map(({ head }) => head);
  const cells = [...rows, whole].map((row) => columns.map(({ text }) => text(row)));
  const widths = heads.map((head, i) => Math.max(head.length, ...cells.map((line) => line[i]!.length)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => (columns[i]!.number === true ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  const rule = "-".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [line(heads), ...cells.slice(0, -1).map(line), rule, line(cells.at(-1)!)].join("\n");
}

/** A count with its thousands apart: 1,234,567. */
export const grouped = (n: number): string => n.toLocaleString("en-US");

/** A count in thousands, millions … of a unit, to four digits at most: "12.35 MB". */
export function scaled(n: number, unit: string): string {
  const power = n < 1000 ? 0 : Math.min(5, Math.floor((Math.log10(n) + 1e-12) / 3));
  const value = n / 1000 ** power;
  return `${power === 0 ? String(value) : value.toFixed(value < 100 ? 2 : 1)} ${["", "k", "M", "G", "T", "P"][power]}${unit}`.trimEnd();
}
