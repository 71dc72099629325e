import type { GpuJsResult } from "./library.ts";

/** The ways in which gpu.js computes that this backend uses. */
export type Mode = "webgl2" | "webgpu" | "webasm" | "cpu";
export const modes: readonly Mode[] = ["webgpu", "webgl2", "webasm", "cpu"];

/** How data lies on the device: what differs from mode to mode. Shapes are row-major here; gpu.js's begin with the last axis. */
export interface Device {
  readonly mode: Mode;
  /** Are results to be laid out as squares, whatever their shape? */
  readonly square: boolean;
  /** How a kernel's results of four numbers lie: one number after another, or as vectors, which kernels read whole. */
  readonly fours: "numbers" | "vectors";
  /** Of how many rows and columns of a product a thread computes the results: what reads least. Four in all, or in vectors also sixteen. */
  readonly tile: readonly [rows: number, columns: number];
  /** Are a thread's coordinates faster as variables than as what gpu.js calls them? */
  readonly named: boolean;
  /** Why nothing can be computed any more; undefined as long as it can. */
  lost(): string | undefined;
  /** Throws where an array of so many elements does not fit. */
  expectRoom(elements: number, what: string): void;
  /** An expression: is a variable NaN? */
  isNaN(variable: string): string;
  /** Takes the data over. */
  upload(data: Float32Array): object;
  /** A copy of the elements. */
  read(handle: object, elements: number): Float32Array | Promise<Float32Array>;
  /** What a kernel takes for a handle that it is to see in some shape of one to three axes. */
  view(handle: object, shape: readonly number[]): unknown;
  /** The handle of what a kernel has made. */
  take(made: GpuJsResult, elements: number): object;
  free(handle: object): void;
  close(): void;
}
