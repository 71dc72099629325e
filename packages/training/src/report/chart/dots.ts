/** A grid of characters that lines are drawn on, dot by dot. */
export interface Dots {
  /** Dots from left to right, and from top to bottom. */
  readonly across: number;
  readonly down: number;
  set(x: number, y: number): void;
  /** What the character in a column of a row shows; a space where there is no dot. */
  character(column: number, row: number): string;
}

/** Each character of U+2800 … has two by four dots; which ones are set are the bits of its number, in the order of Braille. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Eight dots to a character. */
export function brailleDots(columns: number, rows: number): Dots {
  const cells = new Uint8Array(columns * rows);
  return {
    across: 2 * columns,
    down: 4 * rows,
    set(x, y) {
      cells[Math.floor(y / 4) * columns + Math.floor(x / 2)]! |= bits[y % 4]![x % 2]!;
    },
    character(column, row) {
      const cell = cells[row * columns + column]!;
      return cell === 0 ? " " : String.fromCodePoint(0x2800 + cell);
    },
  };
}

/** One dot to a character, for terminals without Unicode. */
export function asciiDots(columns: number, rows: number): Dots {
  const cells = new Uint8Array(columns * rows);
  return {
    across: columns,
    down: rows,
    set(x, y) {
      cells[y * columns + x] = 1;
    },
    character: (column, row) => (cells[row * columns + column] === 0 ? " " : "*"),
  };
}

/** Sets the dots between two, ends included. */
export function drawLine(dots: Dots, [x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): void {
  const length = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
  for (let i = 0; i <= length; i++) {
    dots.set(Math.round(x0 + ((x1 - x0) * i) / length), Math.round(y0 + ((y1 - y0) * i) / length));
  }
}
