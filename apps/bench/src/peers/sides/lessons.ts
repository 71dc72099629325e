import type { Prepared } from "./prepared.ts";

/** How many steps' losses are compared. */
const compared = 4;

/** A side that trains: each call is the next step, which gives its loss, and the first few losses are what is compared. */
export function lessons(step: (index: number) => number | Promise<number>): Prepared {
  const losses: number[] = [];
  const next = async (): Promise<void> => {
    losses.push(await step(losses.length));
  };
  return {
    call: next,
    output: async () => {
      while (losses.length < compared) await next();
      return Float32Array.from(losses.slice(0, compared));
    },
  };
}
