import { describe, expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu, cpuPrimitives, halfKernels } from "../cpu/cpu.ts";
import { fusedKernels } from "../cpu/fused.ts";
import { cpuStorage, type Data } from "../cpu/storage.ts";
import { ids, zeros } from "../create.ts";
import { kernelBackend } from "../kernel-backend.ts";
import { gelu } from "../ops/activation.ts";
import { adamwOp } from "../ops/adamw.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { crossEntropy } from "../ops/cross-entropy.ts";
import { gather } from "../ops/gather.ts";
import { linear } from "../ops/linear.ts";
import { matmul } from "../ops/matmul.ts";
import { layerNorm } from "../ops/norm.ts";
import { sum } from "../ops/reduce.ts";
import { reshape } from "../ops/reshape.ts";
import { softmax } from "../ops/softmax.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import { autodiff } from "./autodiff.ts";
import { differentiate } from "./differentiate.ts";
import { dryRun, type DryRun } from "./dry-run.ts";

const rowOf = (on: DryRun, op: string) => on.report().rows.find((row) => row.op === op);

// A small transformer block, written with ops, and a training step of it.
const [b, t, d, v] = [2, 6, 8, 11];
const shapes = {
  table: [v, d],
  scale: [d],
  shift: [d],
  queries: [d, d],
  keys: [d, d],
  values: [d, d],
  up: [4 * d, d],
  down: [d, 4 * d],
} as const;
type Names = keyof typeof shapes;

function makeModel(on: Backend) {
  const dice = random(3);
  const make = (shape: readonly number[]): Variable =>
    Variable.holding(
      on.upload(
        () => Float32Array.from({ length: sizeOf(shape) }, () => dice.normal()),
        { dtype: "f32", shape },
        "variable",
      ),
    );
  const parameters = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, make(shape)])) as {
    readonly [K in Names]: Variable;
  };
  const moments = Object.values(shapes).map((shape) => [make(shape), make(shape)] as const);
  const tokens = ids(
    Array.from({ length: b * t }, (_, i) => i % v),
    [b, t],
    on,
    { limit: v },
  );
  const forward = (): Tensor =>
    scoped(() => {
      const [x0, scale, shift] = [
        gather(parameters.table.value, tokens),
        parameters.scale.value,
        parameters.shift.value,
      ];
      const x = layerNorm(x0, scale, shift);
      const project = (input: Tensor, name: Names): Tensor => linear(input, parameters[name].value, undefined);
      const scores = matmul(project(x, "queries"), project(x, "keys"), { transposeB: true });
      const mixed = scoped(() => add(x, matmul(softmax(mul(scores, d ** -0.5)), project(x, "values"))));
      const hidden = gelu(project(layerNorm(mixed, scale, shift), "up"));
      const logits = project(add(mixed, project(hidden, "down")), "table");
      return sum(crossEntropy(reshape(logits, [b * t, v]), reshape(tokens, [b * t])));
    });
  const step = (n: number): void => {
    const all = Object.values(parameters);
    const { value, gradients } = differentiate(all, forward);
    value[Symbol.dispose]();
    for (const [i, gradient] of gradients.entries()) {
      const attrs = { rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0, step: n };
      Variable.update(adamwOp, [all[i]!, ...moments[i]!], [gradient!], attrs);
      gradient![Symbol.dispose]();
    }
  };
  return { forward, step };
}

/** A cpu that knows the most bytes that its arrays took together: what its kernels allocate, not what anybody counts. */
function observed(fused: boolean): { on: Backend; peak: () => number } {
  const plain = cpuStorage("f32");
  let bytes = 0;
  let peak = 0;
  const made = (data: Data): Data => {
    bytes += data.byteLength;
    peak = Math.max(peak, bytes);
    return data;
  };
  const on = kernelBackend<Data>({
    name: "observed",
    storage: {
      ...plain,
      allocate: (type) => made(plain.allocate(type)),
      upload: (data, type) => made(plain.upload(data, type)),
      free: (data, type) => {
        bytes -= data.byteLength;
        plain.free(data, type);
      },
    },
    kernels: fused ? { ...cpuPrimitives, ...fusedKernels } : cpuPrimitives,
    halves: halfKernels,
  });
  return { on, peak: () => peak };
}

describe.each([true, false])("tells what really happens (fused kernels: %s)", (fused) => {
  test("the peak memory of a forward pass and of training steps is that of the real arrays, to the byte", async () => {
    const real = observed(fused);
    const dry = dryRun({ like: real.on });
    const models = [makeModel(real.on), makeModel(dry)];
    const peaks = (): number[] => [real.peak(), dry.report().peakBytes];
    expect(peaks()[1]).toBe(peaks()[0]);
    expect(dry.memory()).toEqual(real.on.memory());

    for (const { forward } of models) forward()[Symbol.dispose]();
    const forward = peaks();
    expect(forward[1]).toBe(forward[0]);
    for (const { step } of models) step(1);
    const training = peaks();
    expect(training[1]).toBe(training[0]);
    expect(training[0]).toBeGreaterThan(forward[0]!);
    for (const { step } of models) step(2);
    expect(peaks()).toEqual(training);
    expect(dry.memory()).toEqual(real.on.memory());
    expect(dry.report().variables.tensors).toBe(3 * Object.keys(shapes).length);
  });
});

test("counts the backward pass through a tape, about twice the forward pass", () => {
  const on = dryRun({ like: cpu() });
  const { forward } = makeModel(on);
  forward()[Symbol.dispose]();
  const { flops } = on.report();
  on.reset();
  const tape = autodiff(on);
  const x = tape.watch(zeros([4, 4], on));
  const weight = zeros([4, 4], on);
  tape.gradients(sum(matmul(x, weight)), [x]);
  expect(rowOf(on, "matmul")!.flops).toBe(2 * (2 * 4 * 4 * 4));
  on.reset();
  makeModel(on).step(1);
  expect(on.report().flops).toBeGreaterThan(2 * flops);
});
