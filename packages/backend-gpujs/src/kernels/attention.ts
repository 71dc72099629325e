import { sizeOf, type TensorType } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { after } from "../sequence.ts";
import { shapeAt, type Kernels } from "./call.ts";
import { tanh } from "./functions.ts";
import { multiply } from "./product.ts";
import { hidden, masked, normalise, partlyFilled } from "./softmax.ts";

/**
 * Attention over a cache of any capacity, filled in part: scores, their weights and the weighted sum of values. Where the cache ends, and
 * which position the first query has, are numbers of a call, so that decoding compiles nothing new.
 *
 * With a bias, sinks or a dense mask, whose shapes follow what is filled, it is composed.
 */
export function attentionTable(engine: Engine): Kernels<"attention"> {
  return {
    attention: {
      accepts: ({ mask }, [, , , bias, sinks]: readonly (TensorType | undefined)[]) =>
        bias === undefined && sinks === undefined && mask.every(({ kind }) => kind !== "dense"),
      run: ([q, k, v, , , ...tensors], { scale, softCap, mask, queryOffset, keyLength }, call) => {
        const [b, h, t, width] = shapeAt(call, 0) as [number, number, number, number];
        const [, keyHeads, capacity] = shapeAt(call, 1) as [number, number, number];
        const valueWidth = call.output.shape[3]!;
        // Query heads that share a key head are rows of one product.
        const batch = b * keyHeads;
        const rows = (h / keyHeads) * t;
        const named: Record<string, readonly [Block, readonly number[]]> = {};
        let conditions = `if (X >= keyLength) { return ${hidden}; }\n`;
        for (const [i, term] of mask.entries()) {
          if (term.kind === "causal") conditions += `if (X > position) { return ${hidden}; }\n`;
          if (term.kind === "window") conditions += `if (X <= position - ${term.size}) { return ${hidden}; }\n`;
          if (!("input" in term)) continue;
          const { shape } = call.inputs[5 + term.input] as TensorType;
          named[`mask${i}`] = [tensors[term.input]!, shape];
          conditions += `const b${i} = ${shape[0] === 1 ? 0 : `Math.floor((Z + 0.5) / ${keyHeads})`};\n`;
          if (term.kind === "interval")
            conditions += `const first${i} = mask${i}[b${i}][query][0];
if (X < first${i}) { return ${hidden}; }\n`;
          const end = term.kind === "interval" ? `mask${i}[b${i}][query][1]` : `mask${i}[b${i}]`;
          conditions += `const end${i} = ${end};
if (X >= end${i}) { return ${hidden}; }\n`;
        }
        if (keyLength === 0) return engine.upload(new Float32Array(sizeOf(call.output.shape)));
        const scores = multiply(engine, {
          name: "scores",
          batch,
          m: rows,
          n: capacity,
          k: width,
          left: (row) => `queries[Z][${row}][K]`,
          right: (column) => `keys[Z][${column}][K]`,
          arrays: { queries: [q, [batch, rows, width]], keys: [k, [batch, capacity, width]] },
          finish: {
            arrays: named,
            numbers: { scale, keyLength, queryOffset },
            functions: softCap === null ? [] : [tanh],
            body: `const query = Y - Math.floor((Y + 0.5) / ${t}) * ${t};
const position = query + queryOffset;
${conditions}return ${softCap === null ? "s * scale" : `tanhOf(s * scale / ${softCap}) * ${softCap}`};`,
          },
        });
        return after(scores, (scores) =>
          after(
            normalise(
              engine,
              scores,
              { outer: batch * rows, n: capacity, inner: 1 },
              mask.length === 0 ? partlyFilled : masked,
            ),
            (weights) => {
              engine.free(scores);
              return after(
                multiply(engine, {
                  name: "weightedValues",
                  batch,
                  m: rows,
                  n: valueWidth,
                  k: capacity,
                  left: (row) => `weights[Z][${row}][K]`,
                  // What lies beyond is free room, and may be anything.
                  right: (column) => `(K < keyLength ? values[Z][K][${column}] : 0)`,
                  arrays: { weights: [weights, [batch, rows, capacity]], values: [v, [batch, capacity, valueWidth]] },
                  numbers: { keyLength },
                }),
                (result) => {
                  engine.free(weights);
                  return result;
                },
              );
            },
          ),
        );
      },
    },
  };
}
