import {
  linear,
  quantize,
  quantizedEmbedding,
  quantizedLinear,
  random,
  scoped,
  tensor,
  type Backend,
  type Quantized,
} from "@tenon/tensor";
import { expectNumbers, floats, place, type Plain } from "@tenon/tensor/testing";

import { sizeOfLargest } from "../compare.ts";
import { testedOps } from "../ops.ts";
import { runCall } from "../run-op.ts";
import { expectError } from "./errors.ts";
import type { Group } from "./group.ts";

const [rows, columns, group] = [6, 64, 16] as const;
const weight = floats([rows, columns], random(5));

/** The weight that the levels and scales stand for, computed on the host. */
function meant({ levels, scales }: Quantized): number[] {
  const { data } = levels;
  const level = (i: number): number =>
    levels.type.dtype === "q8" ? data[i]! : ((data[i >> 1]! >> (4 * (i % 2))) & 15) - 8;
  return weight.data.map((_, i) => level(i) * scales.data[Math.floor(i / group)]!);
}

/** The layer and the lookup that a quantised weight stands for, against the weight itself. */
async function standsFor(on: Backend, bits: 8 | 4, tolerance: number): Promise<void> {
  const stored = quantize(Float64Array.from(weight.data), weight.shape, { bits, group });
  const values = meant(stored);
  const step = sizeOfLargest(stored.scales.data) * (bits === 8 ? 0.5 : 1);
  expectNumbers(values, weight.data, step * 1.001, `the weight in ${bits} bits`);

  using levels = on.upload(stored.levels.data, stored.levels.type);
  using scales = on.upload(stored.scales.data, stored.scales.type);
  using plain = tensor(values, weight.shape, on);
  using x = place(floats([5, columns], random(6)), on);
  using expected = scoped(() => linear(x, plain));
  const data = await expected.read();
  using y = scoped(() => quantizedLinear(x, levels, scales));
  expectNumbers(await y.read(), data, tolerance, `quantizedLinear of ${bits} bits`, sizeOfLargest(data));
  using ids = tensor([rows - 1, 0, 3], [3], on, "i32");
  using looked = scoped(() => quantizedEmbedding(levels, scales, ids));
  const found = [rows - 1, 0, 3].flatMap((row) => values.slice(row * columns, (row + 1) * columns));
  expectNumbers(await looked.read(), found, tolerance, `quantizedEmbedding of ${bits} bits`);
}

/** `quantised/…`: weights of 8 and 4 bits, and who takes them. */
export const quantised: Group = () => [
  ["quantised/a layer and a table of 8 bits", (on, { f32 }) => standsFor(on, 8, f32)],
  ["quantised/a layer and a table of 4 bits", (on, { f32 }) => standsFor(on, 4, f32)],
  [
    "quantised/levels are refused, by name, by every op that does not know them",
    (on) => {
      for (const { name, op, cases } of testedOps) {
        const each = cases.find(({ inputs }) => typeof inputs[0] === "object" && inputs[0].shape.length > 0);
        if (op.takesQuantized === true || each === undefined) continue;
        const levels: Plain = { ...(each.inputs[0] as Plain), dtype: "q8" };
        const zeros: Plain = { ...levels, data: levels.data.map(() => 0) };
        const call = { ...each, inputs: [zeros, ...each.inputs.slice(1)] };
        const refused = (): unknown => runCall(op, call, on, each.expected.length);
        expectError(refused, "DTypeError", `${name}: input 0 is q8`, "dequantize()");
      }
    },
  ],
];
