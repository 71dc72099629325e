import { view } from "../training/layout.ts";
import type { Slot } from "./plan.ts";

/** The examples that the loops have learned since the last time, and the sum of their losses in nats. */
export function takeTally(memory: WebAssembly.Memory, slot: Slot): { examples: number; loss: number } {
  const exponents = view(memory, slot.exponents);
  const mantissas = view(memory, slot.mantissas);
  const count = view(memory, slot.examples);
  const examples = count[0]!;
  const bits = exponents.reduce((sum, exponent, i) => sum + exponent + Math.log2(mantissas[i]!), 0);
  count[0] = 0;
  exponents.fill(0);
  mantissas.fill(1);
  return { examples, loss: -bits * Math.LN2 };
}

/** Makes a slot ready: its random numbers begin with two whole numbers, not both 0. */
export function prepareSlot(memory: WebAssembly.Memory, slot: Slot, seed: readonly [number, number]): void {
  view(memory, slot.random).set(seed[0] === 0 && seed[1] === 0 ? [1, 0] : seed);
  view(memory, slot.mantissas).fill(1);
  view(memory, slot.labels)[0] = 1; // the target is the first of the points, before the negatives
}
