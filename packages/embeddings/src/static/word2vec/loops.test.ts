import { random } from "@tenon/tensor";
import { hasFarMemory, newMemory, pageBytes } from "@tenon/wasm-assembler";
import { expect, test } from "vitest";

import { Layout, view } from "../training/layout.ts";
import { type TrainingMemory, trainingMemory } from "../training/training-memory.ts";
import { huffmanPaths } from "../vocabulary/huffman.ts";
import { noiseCells } from "../vocabulary/noise.ts";
import { compileLoops } from "./kernels/index.ts";
import type { Loops } from "./loops.ts";
import { type LoopsPlan, type LossPlan, reserveSlot, type Slot, strideOf } from "./plan.ts";
import { ReferenceLoops } from "./reference-loops.ts";

const words = 23;
const counts = Array.from({ length: words }, (_, i) => Math.ceil(1000 / (i + 1)));

interface Setting {
  readonly width: number;
  readonly loss: "hierarchical-softmax" | "softmax" | "one-vs-all" | number;
  readonly parts?: boolean;
  readonly divides?: boolean;
}

/** A memory with matrices, a sentence and the rest, the same for each call. */
function prepare({ width, loss, parts = false, divides = false }: Setting, far: boolean) {
  const layout = new Layout();
  const stride = strideOf(width);
  const fill: (() => void)[] = [];
  const place = <A extends Int32Array | Float32Array>(numbers: "i32" | "f32", values: A) => {
    const block = layout.reserve(numbers, values.length);
    fill.push(() => view(room.memory, block).set(values));
    return block;
  };
  const paths = huffmanPaths(counts);
  const losses = (): LossPlan => {
    if (loss === "softmax" || loss === "one-vs-all") return { kind: loss, outputs: words };
    if (typeof loss === "number")
      return { kind: "negative-sampling", count: loss, cells: place("i32", noiseCells(counts, 0.75)) as never };
    return {
      kind: loss,
      starts: place("i32", paths.starts) as never,
      nodes: place("i32", paths.nodes) as never,
      labels: place("f32", paths.labels) as never,
    };
  };
  const lossPlan = losses();
  const source = random(3);
  const slot = reserveSlot(layout, {
    stride,
    sentence: 40,
    rows: 100,
    loss: { kind: lossPlan.kind, ...(typeof loss === "number" ? { count: loss } : {}), outputs: words },
  });
  const rowsOf = (w: number): number[] => [w, words + (w % 5), words + (w % 7)];
  const plan: LoopsPlan = {
    stride,
    window: 4,
    input: layout.reserve("f32", (words + 7) * stride),
    output: layout.reserve("f32", words * stride),
    loss: lossPlan,
    slots: [slot],
    divides,
    ...(parts
      ? {
          parts: {
            starts: place(
              "i32",
              Int32Array.from({ length: words + 1 }, (_, i) => 3 * i),
            ) as never,
            rows: place("i32", Int32Array.from(counts.flatMap((_, w) => rowsOf(w)))) as never,
            // Of three rows two are the same now and then.
            gains: place(
              "f32",
              Float32Array.from(counts, (_, w) => (new Set(rowsOf(w)).size === 3 ? 1 : (4 + 1) / 3)),
            ) as never,
          },
        }
      : {}),
  };
  const room = far ? farMemory(layout.bytes) : trainingMemory(layout.bytes, false);
  for (const each of fill) each();
  for (const block of [plan.input, plan.output]) {
    const matrix = view(room.memory, block);
    matrix.forEach((_, i) => (matrix[i] = i % stride < width ? 0.5 * source.normal() : 0));
  }
  view(room.memory, slot.random).set([1234, -99]);
  view(room.memory, slot.mantissas).fill(1);
  view(room.memory, slot.labels)[0] = 1;
  if (loss === "one-vs-all") {
    view(room.memory, slot.points).forEach((_, i, points) => (points[i] = i));
    view(room.memory, slot.labels).forEach((_, i, labels) => (labels[i] = i % 3 === 0 ? 1 : 0));
  }
  const sentence = view(room.memory, slot.sentence);
  sentence.forEach((_, i) => (sentence[i] = source.integer(words)));
  return { room, plan, slot };
}

/** A memory as there is beyond 4 GiB. */
function farMemory(bytes: number): TrainingMemory {
  const pages = Math.ceil(bytes / pageBytes);
  const limits = { initialPages: pages, maximumPages: pages, shared: false, far: true };
  return { memory: newMemory(pages, limits), limits };
}

/** The natural logarithm of the loss that a slot has summed up, and the examples. */
function lossOf(memory: WebAssembly.Memory, slot: Slot): [number, number] {
  const exponents = view(memory, slot.exponents).reduce((a, b) => a + b, 0);
  const mantissas = view(memory, slot.mantissas).reduce((sum, m) => sum + Math.log2(m), 0);
  return [-Math.LN2 * (exponents + mantissas), view(memory, slot.examples)[0]!];
}

function run(
  setting: Setting,
  make: "reference" | "relaxed" | "strict" | "far",
  act: (loops: Loops, rows: Int32Array) => void,
) {
  const { room, plan, slot } = prepare(setting, make === "far");
  const loops =
    make === "reference"
      ? new ReferenceLoops(room.memory, plan, slot)
      : compileLoops(room, plan, slot, { relaxed: make === "relaxed" });
  act(loops, view(room.memory, slot.rows));
  const [loss, examples] = lossOf(room.memory, slot);
  return {
    numbers: [...view(room.memory, plan.input), ...view(room.memory, plan.output)],
    state: [...view(room.memory, slot.random)],
    examples,
    loss,
  };
}

const settings: Setting[] = [
  { width: 100, loss: 5 },
  { width: 5, loss: 1 },
  { width: 36, loss: 12, parts: true },
  { width: 300, loss: "hierarchical-softmax" },
  { width: 10, loss: "hierarchical-softmax", parts: true, divides: true },
  { width: 44, loss: "softmax", divides: true },
  { width: 20, loss: "one-vs-all", parts: true, divides: true },
];

test.each(settings)("the loops do what the reference does: $width numbers, $loss", (setting) => {
  const act = (loops: Loops, rows: Int32Array): void => {
    loops.skipGram(40, 0.1);
    loops.continuousBag(40, 0.05);
    rows.set([3, 25, 3, 9]);
    loops.learnRows(4, 7, 0.2);
    loops.skipGram(1, 0.1);
    loops.continuousBag(0, 0.1);
  };
  const expected = run(setting, "reference", act);
  for (const make of ["strict", "relaxed", ...(hasFarMemory() ? (["far"] as const) : [])] as const) {
    const actual = run(setting, make, act);
    expect(actual.state).toEqual(expected.state);
    expect(actual.examples).toBe(expected.examples);
    expect(Math.abs(actual.loss / expected.loss - 1)).toBeLessThan(1e-5);
    const difference = Math.max(...actual.numbers.map((x, i) => Math.abs(x - expected.numbers[i]!)));
    expect(difference).toBeLessThan(2e-5);
  }
});
