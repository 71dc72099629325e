import type { KernelTable } from "@tenon/tensor";
import { f32, f32x4, i32, type Local, v128 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, scratchBytes, type Kernel } from "../kernel.ts";
import { attentionArguments, takesMask, typeAt } from "./attention.ts";
import { attentionFields, writeReachOfAll } from "./attention-fields.ts";
import { writeWeights } from "./attention-row.ts";
import { writeProduct, writeScores, writeTransposed } from "./attention-tiles.ts";
import { sumLanes } from "./math.ts";
import { blockRows } from "./panels.ts";
import { panelRow } from "./tile.ts";

/** Queries of one head that are computed together: few, for a block meets all keys that one of its queries sees, and causal ones see ever more. */
const together = 16;
// What scratch holds: one panel; the drift of each query; then the pattern, its gradient, and one of both turned.
const driftAt = (blockRows + 4) * panelRow;
const patternAt = driftAt + 4 * together;
const patternBytes = scratchBytes - patternAt;

/**
 * The gradients of attention for q, k and v; formulas at the op. A unit is a key head with all of its query heads, so that its keys' and values'
 * gradients are summed in one order. The pattern of a block of queries is computed anew and stays in scratch.
 */
const attentionGradient = kernel(
  "attentionGradient",
  { ...attentionFields, upstream: "i32", dq: "i32", dk: "i32", dv: "i32", keyHeads: "i32" },
  (f, of, part) => {
    const { t, width, valueWidth, queries } = of;
    const [unit, member, head, batch, query, rows, low, high, span, row, r, seen, none] = f.locals("i32", 13);
    const [keys, values, keyGradients, valueGradients, at, place, from, queryAt, i] = f.locals("i32", 9);
    const one = f.let(i32.of(1));
    const keyRow = f.let(i32.shl(width, 2));
    const valueRow = f.let(i32.shl(valueWidth, 2));
    const panel = f.let(part.scratch);
    const drift = f.let(i32.add(part.scratch, driftAt));
    const pattern = f.let(i32.add(part.scratch, patternAt));
    const [gradient, turned] = f.locals("i32", 2);
    const turnedRow = f.let(i32.shl(queries, 2));
    const keyRows = (base: Local<"i32">, rowBytes: Local<"i32">): Local<"i32"> =>
      f.let(i32.add(base, i32.mul(i32.mul(unit, of.capacity), rowBytes)));
    const fromLow = (base: Local<"i32">, rowBytes: Local<"i32">): Local<"i32"> =>
      f.let(i32.add(base, i32.mul(low, rowBytes)));
    const queryRows = (base: Local<"i32">, rowBytes: Local<"i32">): Local<"i32"> =>
      f.let(i32.add(base, i32.mul(queryAt, rowBytes)));

    f.for(unit, part.from, part.to, 1, () => {
      keys.set(keyRows(of.k, keyRow));
      values.set(keyRows(of.v, valueRow));
      keyGradients.set(keyRows(of.dk, keyRow));
      valueGradients.set(keyRows(of.dv, valueRow));
      f.fill(keyGradients, 0, i32.mul(of.capacity, keyRow));
      f.fill(valueGradients, 0, i32.mul(of.capacity, valueRow));
      batch.set(i32.div(unit, of.keyHeads));
      f.for(member, 0, of.group, 1, () => {
        head.set(i32.add(i32.mul(unit, of.group), member));
        const headInBatch = f.let(i32.sub(head, i32.mul(batch, of.heads)));
        f.for(query, 0, t, queries, () => {
          rows.set(f.select(i32.lt(i32.sub(t, query), queries), i32.sub(t, query), queries));
          queryAt.set(i32.add(i32.mul(head, t), query));
          writeReachOfAll(f, of, batch, query, rows, low, high);
          low.set(i32.and(low, -8));
          high.set(f.select(i32.lt(high, low), low, high));
          seen.set(i32.sub(high, low));
          span.set(i32.and(i32.add(seen, 7), -8)); // in whole panels
          const spanRow = f.let(i32.shl(span, 2));
          gradient.set(i32.add(pattern, i32.mul(queries, spanRow)));
          turned.set(i32.add(gradient, i32.mul(queries, spanRow)));
          const q = { at: queryRows(of.q, keyRow), row: keyRow };
          const upstream = { at: queryRows(of.upstream, valueRow), row: valueRow };
          const k = { at: keys, row: keyRow };
          const v = { at: values, row: valueRow };

          writeScores(f, q, rows, k, of.s, { low, span }, pattern, panel);
          const vectors = f.let(i32.shr(span, 2));
          from.set(pattern);
          f.for(r, 0, rows, 1, () => {
            row.set(i32.add(query, r));
            writeWeights(f, of, { batch, head: headInBatch, query: row, row: from, start: low, vectors });
            from.set(i32.add(from, spanRow));
          });

          // How much each query's output moved along: Σ upstream ∘ output.
          const output = queryRows(of.y, valueRow);
          at.set(upstream.at);
          f.for(r, 0, rows, 1, () => {
            const sum = f.local("v128");
            sum.set(f32x4.of(0));
            f.for(i, 0, valueRow, 16, () =>
              sum.set(f.madd(v128.load(i32.add(at, i)), v128.load(i32.add(output, i)), sum)),
            );
            f.store("f32", element(drift, r, 2), sumLanes(f, sum));
            at.set(i32.add(at, valueRow));
            output.set(i32.add(output, valueRow));
          });

          writeScores(f, upstream, rows, v, of.s, { low, span }, gradient, panel);
          place.set(pattern);
          at.set(gradient);
          f.for(r, 0, rows, 1, () => {
            const moved = f.let(f32x4.splat(f32.load(element(drift, r, 2))));
            const scale = f.let(f32x4.splat(of.scale));
            f.for(i, 0, spanRow, 16, () => {
              const weights = f.let(v128.load(i32.add(place, i)));
              const to = f.let(i32.add(at, i));
              const slope = f32x4.mul(f32x4.mul(f32x4.sub(v128.load(to), moved), weights), scale);
              // A pair without weight gets nothing, whatever lies there: a masked value may be none.
              f.store("v128", to, v128.and(slope, f32x4.ne(weights, 0)));
            });
            place.set(i32.add(place, spanRow));
            at.set(i32.add(at, spanRow));
          });

          const dq = { at: queryRows(of.dq, keyRow), row: keyRow };
          f.if(i32.eqz(seen), () => f.fill(dq.at, 0, i32.mul(rows, keyRow)));
          const slopes = { at: gradient, row: spanRow };
          writeProduct(f, slopes, rows, { at: fromLow(keys, keyRow), row: keyRow }, seen, keyRow, dq, none, panel);

          const across = { at: turned, row: turnedRow };
          writeTransposed(f, { at: pattern, row: spanRow }, rows, span, across);
          const dv = { at: fromLow(valueGradients, valueRow), row: valueRow };
          writeProduct(f, across, seen, upstream, rows, valueRow, dv, one, panel);
          writeTransposed(f, slopes, rows, span, across);
          const dk = { at: fromLow(keyGradients, keyRow), row: keyRow };
          writeProduct(f, across, seen, q, rows, keyRow, dk, one, panel);
        });
      });
    });
  },
);
export const attentionGradientKernels: readonly Kernel[] = [attentionGradient];

/** How many queries' patterns fit into scratch; a multiple of 4. */
const queriesFor = (keys: number): number =>
  Math.min(together, 4 * Math.floor(patternBytes / (4 * 3 * 4 * (keys + 16))));

/**
 * The gradients of attention without its pattern. With a bias, sinks or a soft cap, heads whose width is no multiple of 8, and beyond
 * about 20,000 keys, it is composed.
 */
export const attentionGradientTable = (engine: Engine): Pick<KernelTable<Block>, "attentionGradient"> => ({
  attentionGradient: {
    accepts: (attrs, [q, , v, bias, sinks]) =>
      bias === undefined &&
      sinks === undefined &&
      attrs.softCap === null &&
      q.shape[3]! % 8 === 0 &&
      v.shape[3]! % 8 === 0 &&
      q.shape[3]! > 0 &&
      v.shape[3]! > 0 &&
      queriesFor(attrs.keyLength) >= 4 &&
      takesMask(attrs),
    run: ([q, k, v, , , output, upstream, ...masks], attrs, call) => {
      const [dq, dk, dv] = [0, 1, 2].map((i) => call.allocate(call.outputs[i]!)) as [Block, Block, Block];
      const [b, keyHeads] = typeAt(call, 1).shape as [number, number];
      const [, heads, t, width] = typeAt(call, 0).shape as [number, number, number, number];
      const queries = queriesFor(attrs.keyLength);
      const work = (heads / keyHeads) * t * attrs.keyLength * width * 10;
      engine.run(
        attentionGradient,
        {
          ...attentionArguments(engine, call, { q, k, v, masks, masksAt: 7 }, attrs),
          y: engine.at(output),
          queries,
          upstream: engine.at(upstream),
          dq: engine.at(dq),
          dk: engine.at(dk),
          dv: engine.at(dv),
          keyHeads,
        },
        b * keyHeads,
        Math.ceil(800_000 / (work + 1)),
      );
      return [dq, dk, dv];
    },
  },
});
