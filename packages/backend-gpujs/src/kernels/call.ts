import { sizeOf, type Call, type KernelTable, type Shape, type TensorType } from "@tenon/tensor";

import type { Block } from "../block.ts";

export type BlockCall = Call<Block>;
/** The kernels of some ops. */
export type Kernels<Names extends keyof KernelTable<Block>> = Required<Pick<KernelTable<Block>, Names>>;
/** What a kernel gives. */
export type Result = Block | Promise<Block>;

/** The shape of input i; a number is a scalar. */
export function shapeAt(call: BlockCall, i: number): Shape {
  const input = call.inputs[i];
  return typeof input === "object" ? input.shape : [];
}
export const typeAt = (call: BlockCall, i: number): TensorType => call.inputs[i] as TensorType;
export const elementsAt = (call: BlockCall, i: number): number => sizeOf(shapeAt(call, i));

/** A shape seen from one axis: what lies outside, the axis, what lies inside. */
export function around(shape: Shape, axis: number): { outer: number; n: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), n: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}
/** A shape as rows of its last axis. */
export function rowsOf(shape: Shape): { rows: number; n: number } {
  const n = shape.at(-1) ?? 1;
  return { rows: sizeOf(shape.slice(0, -1)), n };
}
