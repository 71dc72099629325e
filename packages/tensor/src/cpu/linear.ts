import type { Call, KernelTable } from "../kernel.ts";
import type { NamedActivation } from "../ops/named-activation.ts";
import { gelu, geluTanh, sigmoid, softplus } from "./activation.ts";
import { rowProducts } from "./matmul.ts";
import { shapeAt } from "./rows.ts";
import type { Data } from "./storage.ts";

/** x Wᵀ + bias. */
function mapped(x: Data, weight: Data, bias: Data | undefined, call: Call<Data>): Data {
  const [n, k] = shapeAt(call, 1) as [number, number];
  const y = call.allocate(call.output);
  const m = y.length / n; // not x.length / k: an input of width 0 still has rows
  rowProducts(x, weight, y, 0, m, n, k);
  if (bias !== undefined) for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) y[i * n + j]! += bias[j]!;
  return y;
}

const activations: { readonly [K in NamedActivation]: (x: number) => number } = {
  relu: (x) => Math.max(x, 0),
  gelu,
  geluTanh,
  silu: (x) => x * sigmoid(x),
  sigmoid,
  tanh: Math.tanh,
  squaredRelu: (x) => Math.max(x, 0) ** 2,
  softplus,
};

/** The linear map, alone and with what follows it. */
export const linearKernels: Pick<KernelTable<Data>, "linear" | "linearActivation"> = {
  linear: ([x, weight, bias], _, call) => mapped(x, weight, bias, call),
  linearActivation: ([x, weight, bias], { activation }, call) => {
    const y = mapped(x, weight, bias, call);
    const f = activations[activation];
    for (let i = 0; i < y.length; i++) y[i] = f(y[i]!);
    return y;
  },
};
