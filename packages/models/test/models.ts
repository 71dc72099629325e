import { isTenonError, random, sizeOf, tensor, ids as toIds, type Backend, type Tensor } from "@tenon/tensor";
import type { Parameter, Part } from "@tenon/nn";
import { expect } from "vitest";

import { assemble, type Assembled } from "../src/assemble.ts";
import type { Decoder } from "../src/decoder.ts";
import type { EncoderDecoder } from "../src/encoder-decoder/encoder-decoder.ts";
import type { Encoder } from "../src/encoder.ts";
import type { ImageEncoder } from "../src/image/image-encoder.ts";
import type { DecoderSpec, EncoderDecoderSpec, EncoderSpec, ImageEncoderSpec, Spec } from "../src/spec.ts";

/** Values that no model begins with: every bias and every norm counts. They are single-precision numbers, so that both precisions start alike. */
export function fill(model: Part, seed = 1): void {
  for (const [path, parameter] of model.parameters()) parameter.assign(valuesFor(path, parameter, seed));
}

function valuesFor(path: string, { type: { shape } }: Parameter, seed: number): Float64Array {
  const stream = random(seed).fork(path);
  const [middle, spread] = path.endsWith("norm.weight")
    ? [1, 0.3]
    : [0, shape.length === 2 ? 1 / Math.sqrt(shape[1]!) : 0.3];
  return Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(middle + spread * stream.normal()));
}

/** The model of a spec on a backend, every parameter filled. */
export async function filled(spec: DecoderSpec, on: Backend): Promise<Decoder>;
export async function filled(spec: EncoderSpec, on: Backend): Promise<Encoder>;
export async function filled(spec: EncoderDecoderSpec, on: Backend): Promise<EncoderDecoder>;
export async function filled(spec: DecoderSpec | EncoderSpec, on: Backend): Promise<Decoder | Encoder>;
export async function filled(spec: ImageEncoderSpec, on: Backend): Promise<ImageEncoder>;
export async function filled(spec: Spec, on: Backend): Promise<Assembled> {
  const model = await assemble(spec).to(on);
  fill(model);
  return model;
}

/** The values of a model's parameters by path, as doubles. */
export async function weightsOf(model: Part): Promise<(path: string) => Float64Array> {
  const found = new Map<string, Float64Array>();
  for (const [path, parameter] of model.parameters()) found.set(path, Float64Array.from(await parameter.host()));
  return (path) => found.get(path)!;
}

/** Ids drawn evenly, [b, t] row by row. */
export function someIds(vocabulary: number, count: number, seed = 1): number[] {
  const stream = random(seed).fork("ids");
  return Array.from({ length: count }, () => stream.integer(vocabulary));
}

/** Ids as a tensor: [b, t]. */
export function upload(ids: readonly number[], batch: number, on: Backend): Tensor {
  return toIds(ids, [batch, ids.length / batch], on, { limit: Math.max(...ids) + 1 });
}

/** Lengths, segments and the like as a tensor. */
export function whole(values: readonly number[], shape: readonly number[], on: Backend): Tensor {
  return tensor(values, shape, on, "i32");
}

/** Asserts that no element is further off than `tolerance` times the largest magnitude. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let [largest, error] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]!));
    const off = Math.abs(actual[i]! - expected[i]!);
    error = Number.isNaN(off) ? Infinity : Math.max(error, off);
  }
  expect(largest).toBeGreaterThan(0);
  expect(error / largest).toBeLessThan(tolerance);
}

/** The name and message of the error that the body throws. */
export function refusal(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (isTenonError(error)) return `${error.name}: ${error.message}`;
    throw error;
  }
  return "nothing was thrown";
}
