import { place, type Point } from "./place.ts";
import type { Box, Sketch } from "./sketch.ts";

// Which ways the lines of a place go: up 1, right 2, down 4, left 8.
const lines = " ╵╶└╷│┌├╴┘─┴┐┤┬┼";
const [up, right, down, left] = [1, 2, 4, 8] as const;

/** A sketch in box-drawing characters, for terminals and comments. */
export function textOf(sketch: readonly Sketch[]): string {
  const boxWidth = evenUp(Math.max(...boxesOf(sketch).map(widthOf)) + 3);
  const { shapes, width, height } = place(sketch, {
    gap: 1,
    apart: 3,
    side: 4,
    padding: 2,
    headroom: 0,
    boxWidth,
    heightOf: ({ lines }) => lines.length + 2,
    flowHeight: 0,
    labelWidth: ({ length }) => 2 * Math.ceil(length / 2) + 2,
  });
  const canvas = new Canvas(width + 1, height + 1);
  for (const shape of shapes) {
    if ("frame" in shape) canvas.frame(shape.at, shape.width, shape.height, shape.frame);
  }
  for (const shape of shapes) if ("line" in shape) canvas.line(shape.line);
  for (const shape of shapes) if ("box" in shape) canvas.box(shape.at, shape.width, shape.height, shape.box);
  for (const shape of shapes) {
    if ("sum" in shape) canvas.write(shape.sum, "⊕");
    else if ("label" in shape) {
      const { length } = shape.label;
      const back = { left: length + 1, middle: Math.floor(length / 2), right: -2 }[shape.beside];
      canvas.write([shape.at[0] - back, Math.floor(shape.at[1])], shape.label);
    }
  }
  return canvas.toString();
}

export function boxesOf(sketch: readonly Sketch[]): Box[] {
  return sketch.flatMap((piece): Box[] => {
    if ("box" in piece) return [piece.box];
    if ("added" in piece) return [piece.added];
    if ("frame" in piece) return boxesOf(piece.inside);
    return "branches" in piece ? [...piece.before, ...piece.branches.flat(), ...piece.after] : [];
  });
}

const widthOf = ({ title, lines }: Box): number => Math.max(...[title, ...lines].map(({ length }) => length));
/** An axis runs through the middle of a box, which should be a place. */
const evenUp = (n: number): number => 2 * Math.ceil(n / 2);

class Canvas {
  readonly #ways: number[][];
  readonly #written: (string | undefined)[][];

  constructor(width: number, height: number) {
    this.#ways = Array.from({ length: height }, () => Array.from({ length: width }, () => 0));
    this.#written = this.#ways.map((row) => row.map(() => undefined));
  }

  /** A line takes the place of what was written there before. */
  line(points: readonly Point[]): void {
    for (const [i, [toX, toY]] of points.slice(1).entries()) {
      let [x, y] = points[i]!;
      while (x !== toX || y !== toY) {
        const [dx, dy] = [Math.sign(toX - x), Math.sign(toY - y)];
        const [there, back] = dx > 0 ? [right, left] : dx < 0 ? [left, right] : dy > 0 ? [down, up] : [up, down];
        this.#ways[y]![x]! |= there;
        this.#written[y]![x] = undefined;
        x += dx;
        y += dy;
        this.#ways[y]![x]! |= back;
        this.#written[y]![x] = undefined;
      }
    }
  }

  box([x, y]: Point, width: number, height: number, { title, lines }: Box): void {
    const corner: Point = [x, y];
    this.line([corner, [x + width, y], [x + width, y + height], [x, y + height], corner]);
    for (const [i, text] of [title, ...lines].entries()) this.write([x + 2, y + 1 + i], text);
  }

  frame([x, y]: Point, width: number, height: number, title: string): void {
    for (let i = 1; i < width; i++) for (const row of [y, y + height]) this.write([x + i, row], "╌");
    for (let i = 1; i < height; i++) for (const column of [x, x + width]) this.write([column, y + i], "┆");
    for (const [corner, at] of [
      ["╭", [x, y]],
      ["╮", [x + width, y]],
      ["╰", [x, y + height]],
      ["╯", [x + width, y + height]],
    ] as const) {
      this.write(at, corner);
    }
    this.write([x + width - title.length - 4, y], ` ${title} `);
  }

  write([x, y]: Point, text: string): void {
    for (const [i, character] of [...text].entries()) {
      const row = this.#written[y];
      if (row !== undefined && x + i >= 0) row[x + i] = character;
    }
  }

  toString(): string {
    return this.#ways
      .map((row, y) => {
        const written = this.#written[y]!;
        const size = Math.max(row.length, written.length);
        return Array.from({ length: size }, (_, x) => written[x] ?? lines[row[x] ?? 0])
          .join("")
          .trimEnd();
      })
      .join("\n");
  }
}
