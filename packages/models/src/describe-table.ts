import type { Description, ParameterDescription } from "./describe.ts";

/** How {@link table} writes. */
export interface TableOptions {
  /** Memory as text. Default: the number of bytes. */
  readonly memory?: ((bytes: number) => string) | undefined;
  /** Makes a title or a total stand out, as a terminal can. Default: nothing does. */
  readonly emphasise?: ((text: string) => string) | undefined;
}

const titles = ["path", "part", "package", "its own parameters", "count", "memory"] as const;
/** Numbers stand on the right from this column on. */
const firstNumber = 4;

/**
 * A description as a table for people: a line for each part, and the sums below.
 *
 * @example
 * ```ts
 * const lines = table(describe(new Linear({ input: 4, output: 2, random: random(1) }))).split("\n");
 * console.log(lines[1]); // (the model)  Linear  @tenon/nn  weight [2, 4], bias [2]     10      40
 * ```
 */
export function table(
  { parts, count, bytes, packages }: Description,
  { memory = whole, emphasise = (text) => text }: TableOptions = {},
): string {
  const rows = parts.map((part) => [
    part.path === "" ? "(the model)" : part.path,
    part.kind,
    part.package ?? "",
    part.parameters.map(shapeOf).join(", "),
    part.count === 0 ? "" : whole(part.count),
    part.count === 0 ? "" : memory(part.bytes),
  ]);
  const homes = `${packages.length} ${packages.length === 1 ? "package" : "packages"}`;
  const total = ["", "in all", homes, "", whole(count), memory(bytes)];
  const all = [titles, ...rows, total];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row, i) => {
      const isPlain = i > 0 && i < all.length - 1;
      const cells = row.map((text, column) => {
        const space = " ".repeat(widths[column]! - text.length);
        const shown = isPlain || text === "" ? text : emphasise(text);
        return column < firstNumber ? shown + space : space + shown;
      });
      return cells.join("  ").trimEnd();
    })
    .join("\n");
}

const whole = (n: number): string => n.toLocaleString("en-US");
const shapeOf = ({ name, shape, sharedWith }: ParameterDescription): string =>
  sharedWith === undefined ? `${name} [${shape.join(", ")}]` : `${name} = ${sharedWith}`;
