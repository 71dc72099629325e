import { keyOf, narrower, pick, reals, shapeOf, truths, wholes, type Calls, type Draw } from "./draw.ts";

const axisOf = (draw: Draw, shape: readonly number[]): number => draw.integer(0, shape.length - 1);
const some = (draw: Draw): number[] => shapeOf(draw, 1);
/** Values of any dtype: these ops only move elements. */
const anything = (draw: Draw, shape: readonly number[]): ReturnType<typeof reals> =>
  pick(draw, [reals, truths, (d: Draw, s: readonly number[]) => wholes(d, s, -9, 9)])(draw, shape);
const withSize = (shape: readonly number[], axis: number, n: number): number[] =>
  shape.map((s, i) => (i === axis ? n : s));

/** Random calls of the ops that move elements, find them by index or make them from an index. */
export const layoutCalls: Calls<
  | "expand"
  | "permute"
  | "slice"
  | "pad"
  | "concat"
  | "writeSlice"
  | "gather"
  | "scatterAdd"
  | "takeAlong"
  | "scatterAlong"
  | "iota"
  | "uniform"
> = {
  expand: (draw) => {
    const shape = shapeOf(draw);
    return { inputs: [anything(draw, narrower(draw, shape))], attrs: { shape } };
  },
  permute: (draw) => {
    const shape = shapeOf(draw);
    return { inputs: [anything(draw, shape)], attrs: { order: draw.dice.shuffle([...shape.keys()]) } };
  },
  slice: (draw) => {
    const shape = some(draw);
    const axis = axisOf(draw, shape);
    const start = draw.integer(0, shape[axis]!);
    return { inputs: [anything(draw, shape)], attrs: { axis, start, length: draw.integer(0, shape[axis]! - start) } };
  },
  pad: (draw) => {
    const shape = some(draw);
    return {
      inputs: [anything(draw, shape)],
      attrs: { axis: axisOf(draw, shape), before: draw.integer(0, 3), after: draw.integer(0, 3) },
    };
  },
  concat: (draw) => {
    const shape = some(draw);
    const axis = axisOf(draw, shape);
    const values = pick(draw, [reals, truths]);
    const inputs = Array.from({ length: draw.integer(1, 4) }, () => values(draw, withSize(shape, axis, draw.size())));
    return { inputs, attrs: { axis } };
  },
  writeSlice: (draw) => {
    const shape = some(draw);
    const axis = axisOf(draw, shape);
    const start = draw.integer(0, shape[axis]!);
    const length = draw.integer(0, shape[axis]! - start);
    return { inputs: [reals(draw, shape), reals(draw, withSize(shape, axis, length))], attrs: { axis, start } };
  },
  gather: (draw) => {
    const rows = draw.size(1);
    return { inputs: [anything(draw, [rows, draw.size()]), wholes(draw, shapeOf(draw, 0, 3), 0, rows)], attrs: {} };
  },
  scatterAdd: (draw) => {
    const rows = draw.size(1);
    const ids = wholes(draw, shapeOf(draw, 0, 2), 0, rows);
    return { inputs: [ids, reals(draw, [...ids.shape, draw.size()])], attrs: { rows } };
  },
  takeAlong: (draw) => {
    const lead = shapeOf(draw, 0, 2);
    const n = draw.size(1);
    return { inputs: [anything(draw, [...lead, n]), wholes(draw, [...lead, draw.size()], 0, n)], attrs: {} };
  },
  scatterAlong: (draw) => {
    const shape = [...shapeOf(draw, 0, 2), draw.size()];
    const size = draw.size(1);
    return { inputs: [wholes(draw, shape, 0, size), reals(draw, shape)], attrs: { size } };
  },
  iota: (draw) => ({ inputs: [], attrs: { length: draw.size(), start: draw.integer(-99, 99) } }),
  uniform: (draw) => ({
    inputs: [],
    attrs: { shape: shapeOf(draw), key: keyOf(draw), counter: draw.integer(0, 2 ** 31 - 1) },
  }),
};
