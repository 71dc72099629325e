// Claims about types. The type check of the repository proves them: each @ts-expect-error must be needed. Nothing here but
// the table of the last test is run.
import { describe, expect, expectTypeOf, test } from "vitest";

import { cpu, cpuPrimitives } from "./cpu/cpu.ts";
import type { Data } from "./cpu/storage.ts";
import { tensor } from "./create.ts";
import type { KernelFor, KernelTable } from "./kernel.ts";
import { apply, none, type Composite, type None, type Primitive, type Update } from "./op.ts";
import type { attentionOp } from "./ops/attention.ts";
import { add } from "./ops/arithmetic.ts";
import { layerNormOp } from "./ops/norm.ts";
import { writeSliceOp } from "./ops/slice.ts";
import { softmaxOp } from "./ops/softmax.ts";
import { topKOp } from "./ops/top-k.ts";
import { Scope, scoped } from "./scope.ts";
import type { Tensor } from "./tensor.ts";
import { Variable } from "./variable.ts";

type Table = KernelTable<Data>;
declare const x: Tensor;
/** Takes a body that is checked and not run. */
const claim = (_body: () => unknown): void => expect(true).toBe(true);

describe("a table of kernels", () => {
  test("has every primitive", () => {
    const { matmul: _, ...rest } = cpuPrimitives;
    // @ts-expect-error matmul is missing
    expectTypeOf(rest).toExtend<Table>();
    expectTypeOf(cpuPrimitives).toExtend<Table>();
  });
  test("may have composites, and nothing that is no op", () =>
    claim(() => {
      const known: Table = {
        ...cpuPrimitives,
        softmax: ([a], { axis }, call) => call.allocate({ dtype: "f32", shape: [a.length, axis] }),
      };
      // @ts-expect-error there is no op of this name
      const unknown: Table = { ...cpuPrimitives, softmx: ([a]: [Data]) => a };
      return [known, unknown];
    }));
  test("gives each kernel its op's inputs, attributes and outputs", () =>
    claim(() => {
      // @ts-expect-error softmax has no attribute dim
      const attribute: Table = { ...cpuPrimitives, softmax: ([a], { dim: _dim }) => a };
      // @ts-expect-error topK has two outputs
      const outputs: Table = { ...cpuPrimitives, topK: ([a]) => a };
      // @ts-expect-error an operand of mul may be a number
      const operand: Table = { ...cpuPrimitives, mul: ([a]) => a.subarray(0) };
      const declines: Table = {
        ...cpuPrimitives,
        softmax: { accepts: ({ axis }, [a]) => axis === a.shape.length - 1, run: ([a]) => a },
      };
      const late: Table = { ...cpuPrimitives, exp: ([a]) => Promise.resolve(a) };
      return [attribute, outputs, operand, declines, late];
    }));
  test("gives attention's kernel an optional bias and any number of mask tensors", () =>
    claim((): KernelFor<Data, typeof attentionOp>[] => [
      ([q, , , bias, ...masks], { mask }) => (bias === undefined || masks.length < mask.length ? q : bias),
      // @ts-expect-error the bias may be undefined
      ([, , , bias]) => bias,
    ]));
});

describe("an op", () => {
  test("has attributes that are data", () =>
    claim(() => {
      // @ts-expect-error a function is no JSON
      type WithFunction = Primitive<[x: Tensor], { f: (i: number) => boolean }>;
      // @ts-expect-error a tensor is no JSON
      type WithTensor = Composite<[x: Tensor], { mask: Tensor }>;
      // @ts-expect-error a typed array is no JSON
      type WithArray = Update<[x: Tensor], { table: Float32Array }>;
      type WithData = Primitive<
        [x: Tensor],
        { axis: number; nested: { readonly list: readonly (string | boolean | null)[] } }
      >;
      return [] as (WithFunction | WithTensor | WithArray | WithData)[];
    }));
  test("that is a composite says what it is composed of", () =>
    claim(() => {
      // @ts-expect-error compose is missing
      const op: Composite<[x: Tensor], None> = { kind: "composite", name: "vendor/op", infer: ([a]) => a };
      return op;
    }));
  test("has a rule with one entry per input", () =>
    claim(() => {
      const good: Composite<[a: Tensor, b: Tensor], None> = {
        kind: "composite",
        name: "vendor/op",
        infer: ([a]) => a,
        compose: ([a, b]) => add(a, b),
        gradient: ({ upstream }) => [() => upstream, undefined],
      };
      // @ts-expect-error the second input has no entry
      const bad: typeof good = { ...good, gradient: ({ upstream }) => [() => upstream] };
      return [good, bad];
    }));
});

describe("apply", () => {
  test("takes the inputs and attributes of its op, and gives its outputs", () =>
    claim(() => {
      expectTypeOf(apply(softmaxOp, [x], { axis: 1 })).toEqualTypeOf<Tensor>();
      expectTypeOf(apply(topKOp, [x], { k: 1 })).toEqualTypeOf<readonly [values: Tensor, indices: Tensor]>();
      apply(layerNormOp, [x, x, undefined], { epsilon: 1e-5 });
      // @ts-expect-error an attribute is missing
      apply(softmaxOp, [x], {});
      // @ts-expect-error one attribute too many
      apply(softmaxOp, [x], { axis: 1, dim: 1 });
      // @ts-expect-error one input too many
      apply(softmaxOp, [x, x], { axis: 1 });
      // @ts-expect-error softmax takes no number
      apply(softmaxOp, [3], { axis: 1 });
    }));
  test("does not take update ops: only Variable.update runs them", () =>
    claim(() => {
      // @ts-expect-error an update op
      apply(writeSliceOp, [x, x], { axis: 0, start: 0 });
      Variable.update(writeSliceOp, [Variable.holding(x)], [x], { axis: 0, start: 0 });
      // @ts-expect-error an attribute is missing
      Variable.update(writeSliceOp, [Variable.holding(x)], [x], { axis: 0 });
      // @ts-expect-error no update op
      Variable.update(softmaxOp, [Variable.holding(x)], [], { axis: 0 });
    }));
});

describe("scoped", () => {
  test("takes no asynchronous body", () =>
    claim(() => {
      // @ts-expect-error asynchronous
      void scoped(async () => x);
      // @ts-expect-error gives a promise
      void scoped(() => x.read());
      expectTypeOf(scoped(() => ({ x }))).toEqualTypeOf<{ x: Tensor }>();
      expectTypeOf(new Scope().run(() => 3)).toEqualTypeOf<number>();
    }));
});

test("tensors are not generic over their backend, and both kinds of backend are of one type", () => {
  expectTypeOf(tensor([1], [1], cpu())).toEqualTypeOf<Tensor>();
  expect(apply(softmaxOp, [tensor([1], [1], cpu())], { axis: 0 }).shape).toEqual([1]);
  expect(none).toEqual({});
});
