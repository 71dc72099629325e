// Tenon on its WebAssembly backend.
import type { KeyValueCache } from "@tenon/attention";
import { wasm, type WasmBackend, type WasmOptions } from "@tenon/backend-wasm";
import { assemble, bert, gpt, type Decoder, type Encoder } from "@tenon/models";
import {
  ids,
  linear,
  matmul,
  Scope,
  sizeOf,
  tensor,
  Variable,
  type Backend,
  type Tensor,
  type TypedArray,
} from "@tenon/tensor";

import { spreadOf, tokens, turned, values } from "../data.ts";
import type { Side } from "../sides.ts";
import type * as work from "../workloads.ts";
import { NotHere, type Prepare, type Prepared } from "./prepared.ts";
import { tenonTraining } from "./tenon-training.ts";
import { quantizeLayers } from "./quantize-layers.ts";

export const prepare: Prepare = async (workload, side) => {
  const on = await backend(side);
  const versions = { tenon: on.name };
  switch (workload.kind) {
    case "matmul":
      return { ...(await prepareMatmul(workload, side, on)), versions };
    case "encoder":
      return { ...encoding(await encoderOn(workload, on, side.precision), workload), versions };
    case "decoder":
      return { ...decoding(await decoderOn(workload, on, side.precision), workload), versions };
    case "training":
      return { ...tenonTraining(await decoderOn(workload, on), workload), versions };
  }
};

function backend({ threads, variant, precision }: Side): Promise<WasmBackend> {
  const options: WasmOptions = {
    threads,
    ...(variant === "plain SIMD" && { relaxed: false }),
    ...(precision === "8-bit" && variant !== "f32 activations" && { activations: "8-bit" }),
    ...(variant === "revectorize" && { revectorize: true }),
  };
  if (variant === "revectorize" && Number.parseInt(process.versions.node, 10) < 24)
    throw new NotHere("`revectorize` needs Node 24 or later");
  return wasm(options);
}

async function prepareMatmul(workload: work.Matmul, side: Side, on: Backend): Promise<Prepared> {
  const { batch, m, n, k, constant } = workload;
  const a = values("a", batch * m * k, { amplitude: 1 });
  const b = values("b", batch * k * n, { amplitude: 1 });
  // A layer's weight is [out, in].
  const weight = new Variable({ dtype: "f32", shape: [n, k] }, () => turned(b, k, n));
  if (constant) await weight.place(on);
  const product = (x: Tensor, y: Tensor | undefined): Tensor => (constant ? linear(x, weight.value) : matmul(x, y!));
  const left = (): Tensor => tensor(a, constant ? [m, k] : [batch, m, k], on);
  const right = (): Tensor | undefined => (constant ? undefined : tensor(b, [batch, k, n], on));
  if (side.variant === "copied in and out") {
    let read: TypedArray = a;
    return {
      call: async () => {
        using x = left();
        using y = right();
        using c = product(x, y);
        read = await c.read();
      },
      output: () => read as Float32Array,
    };
  }
  const [x, y] = [left(), right()];
  return holding(() => product(x, y));
}

/** Keeps the result of the last call, for `output`. */
function holding(compute: () => Tensor): Prepared {
  let result: Tensor | undefined;
  return {
    before: () => result?.[Symbol.dispose](),
    call: () => {
      result = compute();
    },
    output: async () => (await result!.read()) as Float32Array,
  };
}

/** The encoder with the values that all sides have. `on` may be any backend. */
export const encoderOn = (sizes: work.Sizes, on: Backend, precision: work.Precision = "f32"): Promise<Encoder> =>
  place(assemble(bert(sizes)), on, precision);

/** The decoder with the values that all sides have. */
export const decoderOn = (sizes: work.Sizes, on: Backend, precision: work.Precision = "f32"): Promise<Decoder> =>
  place(assemble(gpt(sizes)), on, precision);

async function place<M extends Encoder | Decoder>(model: M, on: Backend, precision: work.Precision): Promise<M> {
  for (const [path, parameter] of model.parameters()) {
    const { shape } = parameter.type;
    parameter.assign(values(path, sizeOf(shape), spreadOf(path, shape)));
  }
  if (precision === "8-bit") await quantizeLayers(model, on);
  await model.to(on);
  return model;
}

/** Ids go in and numbers come out, as in a program: both copies are timed. */
export function encoding(model: Encoder, { batch, tokens: length, vocabulary }: work.Encoder): Prepared {
  const text = tokens(batch, length, vocabulary);
  return reading(() => model.encode(ids(text, [batch, length], model.backend, { limit: vocabulary })));
}

/** One token after those that are in the cache. */
export function decoding(model: Decoder, { past, vocabulary, width, heads }: work.Decoder): Prepared {
  const on = model.backend;
  const cache = model.cache(past + 1);
  const shape = [1, heads, past, width / heads];
  const of = (name: string): Tensor => tensor(values(name, past * width, { amplitude: 1 }), shape, on);
  cache.layers.forEach((layer, i) => (layer as KeyValueCache).append(of(`past.${i}.key`), of(`past.${i}.value`)));
  return {
    ...reading(() => model.next(ids(tokens(1, 1, vocabulary), [1, 1], on, { limit: vocabulary }), cache)),
    // Back to where it was: each call decodes the same token.
    before: () => cache.crop(past),
  };
}

/** Computes, and reads what came out. */
function reading(compute: () => Tensor): Prepared {
  let read: TypedArray = new Float32Array();
  return {
    call: async () => {
      using scope = new Scope();
      const result = scope.run(compute);
      read = await result.read();
    },
    output: () => read as Float32Array,
  };
}
