import type { Part } from "@tenon/nn";
import { expect } from "vitest";

import { place } from "../src/diagram/place.ts";
import type { Box, Sketch } from "../src/diagram/sketch.ts";
import { boxesOf } from "../src/diagram/text.ts";

/** The parameters that the boxes say they hold. */
export const counted = (boxes: readonly Box[]): number =>
  boxes
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => sum + Number(/^([\d,]+) parameters?$/.exec(line)?.[1]!.replaceAll(",", "") ?? 0), 0);

/** The frames of blocks. */
export const frames = (sketch: readonly Sketch[]): Extract<Sketch, { frame: string }>[] =>
  sketch.filter((piece): piece is Extract<Sketch, { frame: string }> => "frame" in piece);

/** All boxes are placed, inside of the picture, and none covers another. */
export function expectApart(sketch: readonly Sketch[]): void {
  const metrics = {
    gap: 2,
    apart: 5,
    side: 4,
    padding: 2,
    headroom: 3,
    boxWidth: 40,
    flowHeight: 1,
    labelWidth: () => 9,
  };
  const { shapes, width, height } = place(sketch, { ...metrics, heightOf: ({ lines }) => lines.length + 2 });
  const boxes = shapes.flatMap((shape) => ("box" in shape ? [shape] : []));
  expect(boxes).toHaveLength(boxesOf(sketch).length);
  for (const [i, one] of boxes.entries()) {
    const [x, y] = one.at;
    expect(x >= 0 && y >= 0 && x + one.width <= width && y + one.height <= height).toBe(true);
    for (const other of boxes.slice(i + 1)) {
      const [left, top] = other.at;
      const apart = x + one.width < left || left + other.width < x || y + one.height < top || top + other.height < y;
      expect(apart, `${one.box.title} and ${other.box.title}`).toBe(true);
    }
  }
}

/** The parameters of the position scheme that the layers of a stack share, which no box counts. */
export const positionsOf = (model: Part, at = ""): number =>
  [...model.parameters()]
    .filter(([path]) => path.startsWith(`${at}blocks.0.attention.position.`))
    .reduce((sum, [, { type }]) => sum + type.shape.reduce((a, b) => a * b), 0);
