/** As much of jax-js as the benchmark uses. What is passed to a function is used up; `ref` is one more claim on it. */
export interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: readonly number[];
  readonly add: (other: JaxArray | number) => JaxArray;
  readonly sub: (other: JaxArray) => JaxArray;
  readonly div: (other: JaxArray) => JaxArray;
  readonly sum: () => JaxArray;
  readonly mul: (other: JaxArray | number) => JaxArray;
  readonly reshape: (shape: readonly number[]) => JaxArray;
  readonly transpose: (order: readonly number[]) => JaxArray;
  readonly slice: (...index: (number | readonly number[] | JaxArray)[]) => JaxArray;
  readonly blockUntilReady: () => Promise<JaxArray>;
  readonly data: () => Promise<Float32Array<ArrayBuffer>>;
  readonly dispose: () => void;
}

export interface Jax {
  readonly defaultDevice: (device: "wasm") => string;
  readonly jit: <F extends (...inputs: never[]) => unknown>(body: F) => F;
  /** With respect to the first argument. */
  readonly valueAndGrad: <T, R extends readonly JaxArray[]>(
    body: (of: T, ...rest: R) => JaxArray,
  ) => (of: T, ...rest: R) => [value: JaxArray, gradients: T];
  readonly numpy: {
    readonly float32: string;
    readonly int32: string;
    readonly array: (
      values: Float32Array | Int32Array,
      options: { readonly shape: readonly number[]; readonly dtype?: string },
    ) => JaxArray;
    readonly zeros: (shape: readonly number[]) => JaxArray;
    readonly sqrt: (x: JaxArray) => JaxArray;
    readonly matmul: (a: JaxArray, b: JaxArray) => JaxArray;
    readonly concatenate: (parts: readonly JaxArray[], axis: number) => JaxArray;
    readonly take: (x: JaxArray, ids: JaxArray, axis: number) => JaxArray;
  };
  readonly nn: {
    readonly gelu: (x: JaxArray, options: { readonly approximate: boolean }) => JaxArray;
    readonly softmax: (x: JaxArray, axis: number) => JaxArray;
    readonly logSoftmax: (x: JaxArray, axis: number) => JaxArray;
    readonly oneHot: (x: JaxArray, classes: number) => JaxArray;
    readonly standardize: (x: JaxArray, axis: number, options: { readonly epsilon: number }) => JaxArray;
    readonly dotProductAttention: (query: JaxArray, key: JaxArray, value: JaxArray) => JaxArray;
  };
}
