/** As much of TensorFlow.js as the benchmark uses. */
export interface TfTensor {
  readonly shape: readonly number[];
  data(): Promise<Float32Array<ArrayBuffer>>;
  dispose(): void;
  reshape(shape: readonly number[]): TfTensor;
}

export interface Tf {
  setBackend(name: string): Promise<boolean>;
  enableProdMode(): void;
  tidy<T>(body: () => T): T;
  tensor(values: Float32Array | Int32Array, shape: readonly number[], dtype?: "float32" | "int32"): TfTensor;
  matMul(a: TfTensor, b: TfTensor, transposeA?: boolean, transposeB?: boolean): TfTensor;
  add(a: TfTensor, b: TfTensor): TfTensor;
  sub(a: TfTensor, b: TfTensor): TfTensor;
  mul(a: TfTensor, b: TfTensor | number): TfTensor;
  squaredDifference(a: TfTensor, b: TfTensor): TfTensor;
  mean(x: TfTensor, axis: number, keepDims: boolean): TfTensor;
  rsqrt(x: TfTensor): TfTensor;
  erf(x: TfTensor): TfTensor;
  tanh(x: TfTensor): TfTensor;
  softmax(x: TfTensor): TfTensor;
  gather(x: TfTensor, ids: TfTensor): TfTensor;
  concat(parts: readonly TfTensor[], axis: number): TfTensor;
  slice(x: TfTensor, begin: readonly number[], size: readonly number[]): TfTensor;
  transpose(x: TfTensor, order: readonly number[]): TfTensor;
  scalar(value: number): TfTensor;
  variable(initial: TfTensor): TfTensor;
  oneHot(ids: TfTensor, depth: number): TfTensor;
  cast(x: TfTensor, dtype: "float32"): TfTensor;
  readonly losses: { softmaxCrossEntropy(targets: TfTensor, logits: TfTensor): TfTensor };
  readonly train: {
    adam(
      rate: number,
      beta1: number,
      beta2: number,
      epsilon: number,
    ): {
      minimize(loss: () => TfTensor, returnCost: true): TfTensor | null;
    };
  };
  readonly fused: {
    matMul(options: { readonly a: TfTensor; readonly b: TfTensor; readonly bias: TfTensor }): TfTensor;
  };
}
