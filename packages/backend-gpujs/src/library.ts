import { BackendError } from "@tenon/tensor";

// What this package uses of gpu.js. Its own declarations know neither WebGPU's classes nor `Input` as a value.

/** Host data with a shape, as gpu.js takes it: its sizes begin with the last axis. */
export interface GpuJsInput {
  readonly value: Float32Array;
  readonly size: readonly number[];
}
/** What a call of a kernel gives: on the host an array, or rows of one, or planes of rows; else a texture or a buffer. */
export type GpuJsResult = Float32Array | readonly GpuJsResult[] | object;

/** The workers of a kernel in the mode webasm. */
export interface WorkerPool {
  /** Forgets a module. */
  release(id: number): void;
  destroy(): void;
}
/** A compiled kernel, as gpu.js keeps it. */
export interface GpuJsKernel {
  /** Has it been called? */
  readonly built: boolean;
  /** Why it cannot run in its mode, once gpu.js has found out. */
  readonly fallbackReason?: string | null;
  /** webasm: made when the kernel first has work for it. */
  _pool?: WorkerPool | null;
  /** webasm: the kernel's modules. */
  readonly _moduleCache?: ReadonlyMap<string, { readonly id: number }>;
}
export interface GpuJsFunction {
  (...args: readonly unknown[]): GpuJsResult | Promise<GpuJsResult>;
  readonly kernel: GpuJsKernel;
  destroy(): void;
}
export interface GpuJs {
  createKernel(source: string, settings: object): GpuJsFunction;
  /** A kernel with several results: its own, `result`, and what it hands to each of these functions, by their names. */
  createKernelMap(functions: Readonly<Record<string, string>>, source: string, settings: object): GpuJsFunction;
  destroy(): Promise<void>;
  readonly canvas?: unknown;
  readonly context?: unknown;
}
export interface GpuJsLibrary {
  readonly GPU: {
    new (settings: { readonly mode: string }): GpuJs;
    readonly isWebGL2Supported: boolean;
    readonly isSinglePrecisionSupported: boolean;
    readonly isWebAssemblySupported: boolean;
    readonly isWebGPUSupported: boolean;
  };
  readonly utils: { closestSquareDimensions(elements: number): Int32Array };
  readonly Input: new (value: Float32Array, size: readonly number[]) => GpuJsInput;
  readonly WebGL2Kernel: {
    readonly isSupported: boolean;
    readonly features: {
      readonly isFloatRead: boolean;
      readonly maxTextureSize: number;
      readonly highFloatPrecision: { readonly precision: number };
    } | null;
  };
  readonly WebAssemblyKernel: { readonly isSIMDSupported: boolean; readonly isThreadsSupported: boolean };
  readonly WebGPUContext: { acquire(): Promise<WebGpuContext> };
  readonly WebGPUBufferResult: new (settings: {
    readonly buffer: WebGpuBuffer;
    readonly output: readonly number[];
    readonly context: WebGpuContext;
    readonly kernel: unknown;
  }) => WebGpuResult;
}
export interface WebGpuBuffer {
  destroy(): void;
}
export interface WebGpuDevice {
  readonly limits: { readonly maxStorageBufferBindingSize: number; readonly maxBufferSize: number };
  readonly lost: Promise<{ readonly message: string; readonly reason?: string }>;
  readonly queue: { writeBuffer(buffer: WebGpuBuffer, offset: number, data: Float32Array): void };
  createBuffer(settings: { readonly size: number; readonly usage: number }): WebGpuBuffer;
  createShaderModule(settings: { readonly code: string }): object;
  pushErrorScope(filter: "validation"): void;
  popErrorScope(): Promise<unknown>;
}
export interface WebGpuContext {
  readonly adapter: { readonly info?: { readonly isFallbackAdapter?: boolean; readonly architecture?: string } };
  readonly device: WebGpuDevice;
  readonly isLost: boolean;
}
export interface WebGpuResult {
  readonly buffer: WebGpuBuffer;
  readonly kernel: unknown;
  componentCount: number;
  delete(): void;
  toArray(): Promise<GpuJsResult>;
}

/** Loads gpu.js when it is first needed. Throws `BackendError` where it is not installed. */
export async function loadLibrary(): Promise<GpuJsLibrary> {
  // In a page gpu.js takes the name GPU, which is WebGPU's: give it back.
  const taken = Object.getOwnPropertyDescriptor(globalThis, "GPU");
  try {
    const loaded = (await import("gpu.js")) as unknown as GpuJsLibrary & { readonly default?: GpuJsLibrary };
    return loaded.GPU?.prototype === undefined ? loaded.default! : loaded;
  } catch (cause) {
    throw new BackendError(
      `gpujs: gpu.js could not be loaded (${(cause as Error).message}). Install it: npm install gpu.js@2.24.1`,
      {},
      { cause },
    );
  } finally {
    if (taken === undefined) delete (globalThis as { GPU?: unknown }).GPU;
    else Object.defineProperty(globalThis, "GPU", taken);
  }
}
