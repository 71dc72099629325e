import Table from "cli-table3";

const nothing = ["top", "bottom", "left", "right", "mid"].flatMap((side) =>
  [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((name) => [name, ""] as const),
);

/** Rows under titles, two blanks between columns: the first column to the left, numbers to the right. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const made = new Table({
    head: [...titles],
    colAligns: titles.map((_, i) => (i === 0 ? "left" : "right")),
    chars: { ...Object.fromEntries(nothing), middle: "  " },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
  });
  made.push(...rows.map((row) => [...row]));
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
