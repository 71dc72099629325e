import { sizeOf, type AttentionAttrs, type Call, type KernelTable, type Shape, type TensorType } from "@tenon/tensor";
import { f32x4, i32, v128 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, scratchBytes, type Arguments, type Kernel } from "../kernel.ts";
import { attentionFields, writeReachOfAll } from "./attention-fields.ts";
import { writeExponentials } from "./attention-row.ts";
import { fewQueries } from "./attention-few.ts";
import { packColumns8, writeScores } from "./attention-tiles.ts";
import { blockRows } from "./panels.ts";
import { panelRow, writeTiles } from "./tile.ts";

/** Queries of one head that are computed together: each key and value that is packed meets all of them. */
const together = 64;
// What scratch holds: results of a panel that is not full, one panel, what each query's results are multiplied with, and its scores.
const panelAt = together * panelRow;
const factorsAt = panelAt + (blockRows + 4) * panelRow;
const scoresAt = factorsAt + together * 4;
const scoresBytes = scratchBytes - scoresAt;

/**
 * softmax(q kᵀ · scale …) v for a block of queries of one head, which is a unit. The scores of the block lie in scratch; keys that a causal,
 * a sliding or a length mask hides from all of its queries are not read. Products run through the tiles of matmul.
 */
const manyQueries = kernel("attention", attentionFields, (f, of, part) => {
  const { t, width, valueWidth, queries } = of;
  const [unit, head, batch, blocks, query, rows, low, high, span, p] = f.locals("i32", 10);
  const [keys, values, panel, panelEnd, a, aRow, c, cRow, left, adds] = f.locals("i32", 10);
  const [row, r, first, depth, tail, none, queryAt, from] = f.locals("i32", 8);
  const keyRow = f.let(i32.shl(width, 2));
  const valueRow = f.let(i32.shl(valueWidth, 2));
  const [scores, factors] = [f.let(i32.add(part.scratch, scoresAt)), f.let(i32.add(part.scratch, factorsAt))];
  const factor = f.local("v128");
  const valuePanels = f.let(i32.shr(i32.add(valueWidth, 7), 3));
  blocks.set(i32.div(i32.sub(i32.add(t, queries), 1), queries));
  tail.set(i32.and(valueWidth, 7));
  f.for(unit, part.from, part.to, 1, () => {
    head.set(i32.div(unit, blocks));
    query.set(i32.mul(i32.sub(unit, i32.mul(head, blocks)), queries));
    rows.set(f.select(i32.lt(i32.sub(t, query), queries), i32.sub(t, query), queries));
    const keyHead = f.let(i32.div(head, of.group));
    keys.set(i32.add(of.k, i32.mul(i32.mul(keyHead, of.capacity), keyRow)));
    values.set(i32.add(of.v, i32.mul(i32.mul(keyHead, of.capacity), valueRow)));
    queryAt.set(i32.add(i32.mul(head, t), query));
    batch.set(i32.div(head, of.heads));
    const headInBatch = f.let(i32.sub(head, i32.mul(batch, of.heads)));
    writeReachOfAll(f, of, batch, query, rows, low, high);
    low.set(i32.and(low, -8));
    high.set(f.select(i32.lt(high, low), low, high));
    span.set(i32.and(i32.add(i32.sub(high, low), 7), -8)); // in whole panels
    panel.set(i32.add(part.scratch, panelAt));
    a.set(i32.add(of.q, i32.mul(queryAt, keyRow)));
    writeScores(f, { at: a, row: keyRow }, rows, { at: keys, row: keyRow }, of.s, { low, span }, scores, panel);
    const vectors = f.let(i32.shr(span, 2));
    f.for(r, 0, rows, 1, () => {
      row.set(i32.add(query, r));
      from.set(i32.add(scores, i32.mul(r, i32.shl(span, 2))));
      const each = { batch, head: headInBatch, query: row, row: from, start: low, vectors };
      f.store("f32", element(factors, r, 2), writeExponentials(f, of, each));
    });
    // Weights times values, eight columns of the values at a time. What divides the weights divides the results, of which there are fewer.
    const seen = f.let(i32.sub(high, low));
    f.for(p, 0, valuePanels, 1, () => {
      const isTail = f.let(i32.and(i32.gt(tail, 0), i32.eq(i32.add(p, 1), valuePanels)));
      const out = f.let(i32.add(i32.add(of.y, i32.mul(queryAt, valueRow)), i32.shl(p, 5)));
      f.for(first, 0, seen, blockRows, () => {
        depth.set(f.select(i32.lt(i32.sub(seen, first), blockRows), i32.sub(seen, first), i32.of(blockRows)));
        from.set(i32.add(i32.add(values, i32.mul(i32.add(low, first), valueRow)), i32.shl(p, 5)));
        packColumns8(f, from, valueRow, depth, panel, panelEnd);
        left.set(rows);
        a.set(element(scores, first, 2));
        aRow.set(i32.shl(span, 2));
        c.set(f.select(isTail, part.scratch, out));
        cRow.set(f.select(isTail, i32.of(panelRow), valueRow));
        adds.set(first);
        writeTiles(f, { left, a, aRow, panel, panelEnd, c, cRow, adds, bias: none });
      });
      const divide = (): void => {
        c.set(f.select(isTail, part.scratch, out));
        f.for(r, 0, rows, 1, () => {
          factor.set(v128.splat32(element(factors, r, 2)));
          for (const half of [0, 16]) f.store("v128", c, f32x4.mul(v128.load(c, half), factor), half);
          c.set(i32.add(c, cRow));
        });
      };
      f.if(seen, divide, () => f.fill(part.scratch, 0, i32.shl(rows, 5)));
      f.if(i32.or(isTail, i32.eqz(seen)), () => {
        const bytes = f.let(f.select(isTail, i32.shl(tail, 2), i32.of(panelRow)));
        f.for(r, 0, rows, 1, () => {
          f.copy(out, i32.add(part.scratch, i32.shl(r, 5)), bytes);
          out.set(i32.add(out, valueRow));
        });
      });
    });
  });
});

export const attentionKernels: readonly Kernel[] = [manyQueries, fewQueries];

/** Below this many queries keys are not packed but read as they lie. */
const few = 4;

/** The strides of an input that broadcasts to the scores [b, h, t, s]. */
function stridesOf(shape: Shape): readonly number[] {
  const strides = [0, 0, 0, 0];
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1) strides[4 - shape.length + axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

export const typeAt = (call: Call<Block>, i: number): TensorType => call.inputs[i] as TensorType;
const terms = ({ mask }: AttentionAttrs, kind: string): number => mask.filter((term) => term.kind === kind).length;

/** Whether the kernels know a mask: of each kind of term that names a tensor they take one at most. */
export const takesMask = (attrs: AttentionAttrs): boolean =>
  ["dense", "lengths", "interval"].every((kind) => terms(attrs, kind) <= 1);

/** What the kernels are told about a call of attention, or of its gradient; `y` and `queries` are left to fill in. */
export function attentionArguments(
  engine: Engine,
  call: Call<Block>,
  { q, k, v, bias, sinks, masks, masksAt }: AttentionBlocks,
  attrs: AttentionAttrs,
): Arguments<typeof attentionFields> {
  const [, heads, t, width] = typeAt(call, 0).shape as [number, number, number, number];
  const [, keyHeads, capacity, valueWidth] = typeAt(call, 2).shape as [number, number, number, number];
  const { mask, keyLength: s, queryOffset, scale, softCap } = attrs;
  const lengths = mask.find((term) => term.kind === "lengths");
  const intervals = mask.find((term) => term.kind === "interval");
  const dense = mask.find((term) => term.kind === "dense");
  const windows = mask.flatMap((term) => (term.kind === "window" ? [term.size] : []));
  const at = (x: Block | undefined): number => (x === undefined ? 0 : engine.at(x));
  const biasStrides = bias === undefined ? [0, 0, 0, 0] : stridesOf(typeAt(call, 3).shape);
  const denseStrides = dense === undefined ? [0, 0, 0, 0] : stridesOf(typeAt(call, masksAt + dense.input).shape);
  return {
    q: engine.at(q),
    k: engine.at(k),
    v: engine.at(v),
    y: 0,
    bias: at(bias),
    sinks: at(sinks),
    lengths: lengths === undefined ? 0 : at(masks[lengths.input]),
    intervals: intervals === undefined ? 0 : at(masks[intervals.input]),
    dense: dense === undefined ? 0 : at(masks[dense.input]),
    heads,
    group: heads / keyHeads,
    t,
    s,
    capacity,
    width,
    valueWidth,
    queryOffset,
    causal: terms(attrs, "causal"),
    window: windows.length === 0 ? 0 : Math.min(...windows),
    scale,
    softCap: softCap ?? 0,
    lowest: mask.length > 0 || sinks !== undefined ? -3e38 : -Infinity,
    biasBatch: biasStrides[0]!,
    biasHead: biasStrides[1]!,
    biasQuery: biasStrides[2]!,
    biasKey: biasStrides[3]!,
    denseBatch: denseStrides[0]!,
    denseHead: denseStrides[1]!,
    denseQuery: denseStrides[2]!,
    denseKey: denseStrides[3]!,
    intervalBatch: intervals === undefined || typeAt(call, masksAt + intervals.input).shape[0] === 1 ? 0 : 2 * t,
    queries: 1,
  };
}
interface AttentionBlocks {
  readonly q: Block;
  readonly k: Block;
  readonly v: Block;
  readonly bias?: Block | undefined;
  readonly sinks?: Block | undefined;
  readonly masks: readonly (Block | undefined)[];
  /** Which input of the op the first of the masks is. */
  readonly masksAt: number;
}

/** Attention without its pattern. More than one dense mask, list of lengths or of intervals, and heads wider than 768, are composed. */
export const attentionTable = (engine: Engine): Pick<KernelTable<Block>, "attention"> => ({
  attention: {
    accepts: (attrs, [q]) =>
      q.shape[3]! <= blockRows && q.shape[3]! > 0 && 4 * (attrs.keyLength + 8) <= scoresBytes && takesMask(attrs),
    run: ([q, k, v, bias, sinks, ...masks], attrs, call) => {
      const y = call.allocate(call.output);
      if (sizeOf(call.output.shape) === 0) return y;
      const [b, heads, t, width] = typeAt(call, 0).shape as [number, number, number, number];
      const s = attrs.keyLength;
      const scores = Math.ceil(s / 8 + 1) * 8;
      const queries = t < few ? 1 : Math.min(together, Math.max(1, Math.floor(scoresBytes / (4 * scores))));
      const work = 8 * s * width * Math.min(queries, t);
      engine.run(
        t < few ? fewQueries : manyQueries,
        {
          ...attentionArguments(engine, call, { q, k, v, bias, sinks, masks, masksAt: 5 }, attrs),
          y: engine.at(y),
          queries,
        },
        b * heads * Math.ceil(t / queries),
        Math.ceil(400_000 / (work + 1)),
      );
      return y;
    },
  },
});
