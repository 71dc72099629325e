import { describe, expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu } from "../cpu/cpu.ts";
import { zeros } from "../create.ts";
import { dryRun } from "../decorators/dry-run.ts";
import { apply } from "../op.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectNumbers } from "../testing/op-case.ts";
import { attentionGradientOp } from "./attention-gradient.ts";
import type { MaskTerm } from "./attention-mask.ts";
import type { AttentionAttrs } from "./attention-type.ts";
import { explicitAttention } from "./explicit-attention.ts";
import { slice } from "./slice.ts";
import { attentionInTiles } from "./attention-in-tiles.ts";
import { attentionGradientInTiles } from "./attention-gradient-in-tiles.ts";
import { tiledAttentionGradientOp, tiledAttentionOp } from "./tiled-attention.ts";

const long = 16_384;
const scoresBytes = long * long * 4;
const attrsOf = (mask: readonly MaskTerm[]): AttentionAttrs => ({
  scale: 0.125,
  softCap: null,
  mask,
  queryOffset: 0,
  keyLength: long,
});

/** Attention of one head and its gradients, with no kernel for either. */
function forwardAndBack(make: (shape: Shape) => Tensor, attrs: AttentionAttrs, width: number): Tensor[] {
  const [q, k, v, upstream] = [1, 2, 3, 4].map(() => make([1, 1, long, width])) as [Tensor, Tensor, Tensor, Tensor];
  const output = apply(tiledAttentionOp, [q, k, v, undefined, undefined], attrs);
  return [output, ...apply(tiledAttentionGradientOp, [q, k, v, undefined, undefined, output, upstream], attrs)];
}

/** A cpu without fused kernels that knows the most bytes that were alive after any of its ops. */
function sampled(): { on: Backend; peak: () => number } {
  const on = cpu({ fused: false });
  const execute = on.execute.bind(on);
  let peak = 0;
  on.execute = (...call) => {
    const result = execute(...call);
    peak = Math.max(peak, on.memory().bytes);
    return result;
  };
  return { on, peak: () => peak };
}

describe("16,384 queries and keys take less than a tenth of the memory of their scores", () => {
  test.each<[string, MaskTerm[], number, number]>([
    ["all", [], 1, 1],
    ["causal", [{ kind: "causal" }], 0.5, 0.53],
  ])("%s: forward and backward, by dryRun", (_, mask, least, most) => {
    const on = dryRun();
    scoped(() => void forwardAndBack((shape) => zeros(shape, on), attrsOf(mask), 64));
    const { peakBytes, rows } = on.report();
    expect(peakBytes).toBeLessThan(scoresBytes / 10);
    // Two products going forward and six going back, the scores twice: all of them, or a little more than the half that is seen.
    const share = rows.find(({ op }) => op === "matmul")!.flops / (8 * 2 * long * long * 64);
    expect(share).toBeGreaterThanOrEqual(least);
    expect(share).toBeLessThanOrEqual(most);
  });

  test("a sliding window, computed, as the explicit path gives it for a slice of the queries", async () => {
    const { on, peak } = sampled();
    const dice = random(7);
    const made: Tensor[] = [];
    const make = (shape: Shape): Tensor => {
      const data = Float32Array.from({ length: long * shape.at(-1)! }, () => dice.normal());
      made.push(on.upload(data, { dtype: "f32", shape }));
      return made.at(-1)!;
    };
    const attrs = attrsOf([{ kind: "causal" }, { kind: "window", size: 100 }]);
    const width = 4;
    const [output, dq] = scoped(() => forwardAndBack(make, attrs, width).slice(0, 2)) as [Tensor, Tensor];
    expect(peak()).toBeLessThan(scoresBytes / 10);
    expect(peak()).toBeGreaterThan(made.length * long * width * 4);

    // The window lets these queries see no key before them, so that few are enough to compare with.
    const [first, queries, before] = [9_990, 300, 99];
    const rows = (x: Tensor, from = first, n = queries): Tensor => slice(x, 2, from, n);
    const [q, k, v, upstream] = made as [Tensor, Tensor, Tensor, Tensor];
    const some = [rows(q), ...[k, v].map((x) => rows(x, first - before, queries + before))] as [Tensor, Tensor, Tensor];
    const at = { ...attrs, queryOffset: before, keyLength: queries + before };
    const right = explicitAttention([...some, undefined, undefined], at);
    expectNumbers(await rows(output).read(), await right.read(), 1e-5);
    const call = [...some, undefined, undefined, right, rows(upstream)] as const;
    const [expected] = apply(attentionGradientOp, call, at);
    expectNumbers(await rows(dq).read(), await expected!.read(), 1e-5);
  });
});

/** How many ops of each kind something takes. */
function opsOf(body: (make: (shape: Shape) => Tensor) => unknown): Record<string, number> {
  const on = dryRun();
  scoped(() => void body((shape) => zeros(shape, on)));
  const rows = on.report().rows.filter(({ op }) => op !== "zeros");
  return Object.fromEntries(rows.map(({ op, calls }) => [op, calls]));
}

test.each<[string, Shape, number]>([
  ["a short sequence", [1, 12, 200, 8], 200],
  ["a token after many", [1, 32, 1, 8], 100_000],
  ["a few tokens after many", [1, 32, 15, 8], 50_000],
  ["nothing yet", [2, 2, 3, 8], 0],
])("%s is one tile, and takes the ops of the explicit path", (_, shape, s) => {
  const attrs = {
    scale: 1,
    softCap: null,
    mask: [{ kind: "causal" as const }],
    queryOffset: Math.max(0, s - shape[2]!),
    keyLength: s,
  };
  const [tiled, steps] = [attentionInTiles, explicitAttention].map((f) =>
    opsOf((make) => {
      const keys = make([shape[0]!, shape[1]!, s, 8]);
      f([make(shape), keys, keys, undefined, undefined], attrs);
    }),
  );
  expect(tiled).toEqual(steps);
  const back = opsOf((make) => {
    const keys = make([shape[0]!, shape[1]!, s, 8]);
    attentionGradientInTiles([make(shape), keys, keys, undefined, undefined], attrs, make(shape), make(shape));
  });
  expect(back["matmul"]).toBe(5);
  expect([back["slice"], back["pad"], back["concat"]]).toEqual([undefined, undefined, undefined]);
});

test("tiles that a rule hides are not computed, and rules that hide nothing of a tile are not asked", () => {
  const attrs = { scale: 1, softCap: null, mask: [{ kind: "causal" as const }], queryOffset: 0, keyLength: 40 };
  const ops = opsOf((make) => {
    const x = make([1, 1, 40, 2]);
    attentionInTiles([x, x, x, undefined, undefined], attrs, 10);
  });
  expect(ops["matmul"]).toBe(2 * (1 + 2 + 3 + 4)); // of 16 tiles those that are seen
  expect(ops["lessOrEqual"]).toBe(4); // on the diagonal
});
