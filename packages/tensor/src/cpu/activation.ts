import { erf } from "./erf.ts";

const slope = Math.sqrt(2 / Math.PI);

// One number at a time, for the kernels that do an activation in one pass.
export const gelu = (x: number): number => x * 0.5 * (1 + erf(x * Math.SQRT1_2));
export const geluTanh = (x: number): number => x * 0.5 * (1 + Math.tanh(slope * (x + 0.044715 * x ** 3)));
