/**
 * Code before it is laid out, after Wadler 2003, "A prettier printer": text, pieces one after another, a group that stands in one line where it fits and
 * else breaks at all its lines, what is indented, a list that fills its lines, and a place where a line may end (`flat` is what stands there otherwise).
 */
export type Layout =
  | string
  | readonly Layout[]
  | { readonly group: Layout }
  | { readonly indent: number; readonly inside: Layout }
  | { readonly fill: readonly Layout[] }
  | { readonly flat: string; readonly broken: string }
  | typeof lineEnd;

/** Where a line ends in any case. */
export const lineEnd = { ends: true } as const;

const lineWidth = 110;
/** What may follow a group: `});`. */
const slack = 3;

/** The code as text, in lines of 110 characters where that is possible. */
export function laidOut(layout: Layout): string {
  let text = "";
  const column = (): number => text.length - (text.lastIndexOf("\n") + 1);
  const newLine = (indent: number): void => {
    text = `${text.trimEnd()}\n${" ".repeat(indent)}`;
  };
  const write = (piece: Layout, indent: number, flat: boolean): void => {
    if (typeof piece === "string") text += piece;
    else if (isList(piece)) for (const each of piece) write(each, indent, flat);
    else if ("group" in piece) write(piece.group, indent, flat || column() + widthOf(piece.group) + slack <= lineWidth);
    else if ("inside" in piece) write(piece.inside, indent + piece.indent, flat);
    else if ("fill" in piece) {
      for (const [i, each] of piece.fill.entries()) {
        const comma = i < piece.fill.length - 1 ? "," : "";
        if (i > 0 && !flat && column() + widthOf(each) + 2 > lineWidth) newLine(indent);
        else if (i > 0) text += " ";
        write([each, comma], indent, flat);
      }
    } else if ("ends" in piece) newLine(indent);
    else if (flat) text += piece.flat;
    else {
      text += piece.broken;
      newLine(indent);
    }
  };
  write(layout, 0, false);
  return text.replaceAll(/ +$/gm, "");
}

const isList = (layout: Layout): layout is readonly Layout[] => Array.isArray(layout);

/** In one line; endless where that cannot be. */
function widthOf(layout: Layout): number {
  if (typeof layout === "string") return layout.length;
  if (isList(layout)) return layout.reduce((sum, each) => sum + widthOf(each), 0);
  if ("group" in layout) return widthOf(layout.group);
  if ("inside" in layout) return widthOf(layout.inside);
  if ("fill" in layout) return layout.fill.reduce((sum, each) => sum + widthOf(each) + 2, -2);
  return "ends" in layout ? Infinity : layout.flat.length;
}
