import type { Call, KernelTable } from "../kernel.ts";
import { adamwScales } from "../ops/adamw.ts";
import type { Data } from "./storage.ts";

/** The storage that an update writes to, which holds what it is to change. */
const changed = (call: Call<Data>, held: readonly Data[]): Data[] => held.map((old, i) => call.reuse(i) ?? old.slice());

/** Steps of optimisers, element by element in one pass. */
export const updateKernels: Pick<KernelTable<Data>, "adamw" | "sgd" | "sgdMomentum" | "lion" | "movingAverage"> = {
  adamw: ([p, m, v, g], attrs, call) => {
    const { rate, beta1, beta2, decay } = attrs;
    const { scale, epsilon } = adamwScales(attrs);
    const [newP, newM, newV] = changed(call, [p, m, v]) as [Data, Data, Data];
    for (let i = 0; i < g.length; i++) {
      newM[i] = beta1 * newM[i]! + (1 - beta1) * g[i]!;
      newV[i] = beta2 * newV[i]! + (1 - beta2) * g[i]! * g[i]!;
      newP[i] = (1 - rate * decay) * newP[i]! - (scale * newM[i]!) / (Math.sqrt(newV[i]!) + epsilon);
    }
    return [newP, newM, newV];
  },
  sgd: ([p, g], { rate, decay }, call) => {
    const [newP] = changed(call, [p]) as [Data];
    for (let i = 0; i < g.length; i++) newP[i] = (1 - rate * decay) * newP[i]! - rate * g[i]!;
    return [newP];
  },
  sgdMomentum: ([p, u, g], { rate, decay, momentum, nesterov }, call) => {
    const [newP, newU] = changed(call, [p, u]) as [Data, Data];
    for (let i = 0; i < g.length; i++) {
      const slope = g[i]! + decay * newP[i]!;
      newU[i] = momentum * newU[i]! + slope;
      newP[i]! -= rate * (nesterov ? slope + momentum * newU[i]! : newU[i]!);
    }
    return [newP, newU];
  },
  lion: ([p, m, g], { rate, beta1, beta2, decay }, call) => {
    const [newP, newM] = changed(call, [p, m]) as [Data, Data];
    for (let i = 0; i < g.length; i++) {
      const direction = beta1 * newM[i]! + (1 - beta1) * g[i]!;
      const sign = direction > 0 ? 1 : direction < 0 ? -1 : 0; // not Math.sign: as the composition, 0 for NaN
      newP[i] = (1 - rate * decay) * newP[i]! - rate * sign;
      newM[i] = beta2 * newM[i]! + (1 - beta2) * g[i]!;
    }
    return [newP, newM];
  },
  movingAverage: ([a, p], { decay }, call) => {
    const [newA] = changed(call, [a]) as [Data];
    for (let i = 0; i < p.length; i++) newA[i] = decay * newA[i]! + (1 - decay) * p[i]!;
    return [newA];
  },
};
