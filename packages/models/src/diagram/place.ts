import type { Box, Sketch } from "./sketch.ts";

export type Point = readonly [x: number, y: number];

/** What is to be drawn, each thing with its place. Lines that end with an arrow say so. */
export type Shape =
  | { readonly at: Point; readonly width: number; readonly height: number; readonly box: Box }
  | { readonly at: Point; readonly width: number; readonly height: number; readonly frame: string }
  | { readonly line: readonly Point[]; readonly arrow: boolean; readonly into?: "box" }
  | { readonly sum: Point }
  | { readonly label: string; readonly at: Point; readonly beside: "left" | "middle" | "right" };

/** The distances of a picture, in its units. */
export interface Metrics {
  /** Between what stands one below the other. */
  readonly gap: number;
  /** Between one stream and the next below it. */
  readonly apart: number;
  /** From the stream to the boxes beside it, and between boxes that stand side by side. */
  readonly side: number;
  /** From a frame to what is in it. */
  readonly padding: number;
  /** Above what is in a frame, for its title. */
  readonly headroom: number;
  /** All boxes of a picture are equally wide. */
  readonly boxWidth: number;
  readonly heightOf: (box: Box) => number;
  readonly flowHeight: number;
  readonly labelWidth: (label: string) => number;
}

/** A picture: its shapes, all at places from [0, 0] on, and its size. */
export interface Picture {
  readonly shapes: readonly Shape[];
  readonly width: number;
  readonly height: number;
}

/** Places a sketch: the stream runs down a straight line, and what leaves it runs down to the right of it. */
export function place(sketch: readonly Sketch[], metrics: Metrics): Picture {
  const { shapes } = new Placing(metrics).down(sketch, 0, 0);
  const [left, top, right, bottom] = boundsOf(shapes, metrics);
  return { shapes: shapes.map((shape) => moved(shape, -left, -top)), width: right - left, height: bottom - top };
}

/** Shapes, and where below them the stream goes on. */
interface Placed {
  readonly shapes: Shape[];
  readonly y: number;
}

class Placing {
  readonly #metrics: Metrics;
  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** One below the other, from [x, y] on. */
  down(sketch: readonly Sketch[], x: number, y: number): Placed {
    const shapes: Shape[] = [];
    for (const [i, piece] of sketch.entries()) {
      const placed = this.#one(piece, x, y, i === 0 && "flow" in piece);
      shapes.push(...placed.shapes);
      y = placed.y;
    }
    return { shapes, y };
  }

  #one(piece: Sketch, x: number, y: number, isFirst: boolean): Placed {
    const { gap, flowHeight, apart } = this.#metrics;
    if ("box" in piece) return this.#boxes([piece.box], x, y);
    if ("added" in piece) return this.#added(piece.added, x, y);
    if ("branches" in piece) return this.#connection(piece, x, y);
    if ("frame" in piece) return this.#frame(piece, x, y);
    const begins = isFirst || piece.begins === true;
    const top = isFirst ? y : y + (begins ? apart : gap);
    const label: Shape = { label: piece.flow, at: [x, top + flowHeight / 2], beside: "middle" };
    return { shapes: [...(begins ? [] : [arrow([x, y], [x, top])]), label], y: top + flowHeight };
  }

  /** Boxes one below the other, from [x, y] on, which the way from other points leads to. */
  #boxes(boxes: readonly Box[], x: number, y: number, from: readonly Point[] = []): Placed {
    const { gap, side, boxWidth: width, heightOf } = this.#metrics;
    const shapes: Shape[] = [];
    for (const [i, box] of boxes.entries()) {
      const height = heightOf(box);
      shapes.push(arrow(...(i === 0 ? from : []), [x, y], [x, y + gap]), {
        at: [x - width / 2, y + gap],
        width,
        height,
        box,
      });
      if (box.input !== undefined) {
        const [right, middle] = [x + width / 2, y + gap + Math.floor(height / 2)];
        shapes.push(
          {
            line: [
              [right + side, middle],
              [right, middle],
            ],
            arrow: true,
            into: "box",
          },
          { label: box.input, at: [right + side, middle], beside: "right" },
        );
      }
      y += gap + height;
    }
    return { shapes, y };
  }

  #added(box: Box, x: number, y: number): Placed {
    const { gap, side, boxWidth: width, heightOf } = this.#metrics;
    const height = heightOf(box);
    const middle = y + gap + Math.floor(height / 2);
    const left = x + side;
    const end = y + gap + height;
    return {
      shapes: [
        line([x, y], [x, end]),
        { at: [left, y + gap], width, height, box },
        arrow([left, middle], [x, middle]),
        { sum: [x, middle] },
      ],
      y: end,
    };
  }

  #connection(
    { before, branches, after, stream }: Extract<Sketch, { branches: unknown }>,
    x: number,
    y: number,
  ): Placed {
    const { gap, side, boxWidth } = this.#metrics;
    const across = branches.length * boxWidth + (branches.length - 1) * side;
    const axis = x + side + across / 2;
    const fork = y + gap;
    const start: Point = [x, fork];
    const entry = this.#boxes(before, axis, fork, [start]);
    const middle = this.#branches(branches, axis, entry.y, before.length === 0 ? [start] : []);
    const exit = this.#boxes(after, axis, middle.y);
    const join = exit.y + gap;
    return {
      shapes: [
        line([x, y], [x, join]),
        ...entry.shapes,
        ...middle.shapes,
        ...exit.shapes,
        arrow([axis, exit.y], [axis, join], [x, join]),
        ...(stream === undefined
          ? []
          : [{ label: stream, at: [x, (fork + join) / 2] as Point, beside: "left" as const }]),
        { sum: [x, join] },
      ],
      y: join,
    };
  }

  /** Side by side about an axis, with a fork above and a sum below where there are several. */
  #branches(branches: readonly (readonly Box[])[], axis: number, y: number, from: readonly Point[]): Placed {
    const { gap, side, boxWidth } = this.#metrics;
    const [only] = branches;
    if (only !== undefined && branches.length === 1) return this.#boxes(only, axis, y, from);
    const fork = y + gap;
    const first = axis - ((branches.length - 1) * (boxWidth + side)) / 2;
    const columns = branches.map((boxes, i) => {
      const x = first + i * (boxWidth + side);
      return { x, ...this.#boxes(boxes, x, fork, [[axis, fork]]) };
    });
    const join = Math.max(...columns.map((column) => column.y)) + gap;
    return {
      shapes: [
        line(...from, [axis, y], [axis, fork]),
        ...columns.flatMap(({ x, y, shapes }) => [...shapes, line([x, y], [x, join], [axis, join])]),
        { sum: [axis, join] },
      ],
      y: join,
    };
  }

  #frame({ frame, inside }: Extract<Sketch, { frame: unknown }>, x: number, y: number): Placed {
    const { gap, padding, headroom } = this.#metrics;
    const top = y + gap;
    const placed = this.down(inside, x, top + headroom);
    const [left, , right] = boundsOf(placed.shapes, this.#metrics);
    const bottom = placed.y + gap;
    const outline: Shape = {
      at: [left - padding, top],
      width: right - left + 2 * padding,
      height: bottom - top,
      frame,
    };
    return {
      shapes: [line([x, y], [x, top + headroom]), outline, ...placed.shapes, line([x, placed.y], [x, bottom])],
      y: bottom,
    };
  }
}

const line = (...points: readonly Point[]): Shape => ({ line: points, arrow: false });
const arrow = (...points: readonly Point[]): Shape => ({ line: points, arrow: true });

/** How far out shapes reach: left, top, right, bottom. */
function boundsOf(shapes: readonly Shape[], { labelWidth }: Metrics): [number, number, number, number] {
  const points = shapes.flatMap((shape): readonly Point[] => {
    if ("line" in shape) return shape.line;
    if ("width" in shape) return [shape.at, [shape.at[0] + shape.width, shape.at[1] + shape.height]];
    if ("sum" in shape) return [shape.sum];
    const [x, y] = shape.at;
    const width = labelWidth(shape.label);
    const left = { left: x - width, middle: x - width / 2, right: x }[shape.beside];
    return [
      [left, y],
      [left + width, y],
    ];
  });
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function moved(shape: Shape, dx: number, dy: number): Shape {
  const by = ([x, y]: Point): Point => [x + dx, y + dy];
  if ("line" in shape) return { ...shape, line: shape.line.map(by) };
  return "sum" in shape ? { sum: by(shape.sum) } : { ...shape, at: by(shape.at) };
}
