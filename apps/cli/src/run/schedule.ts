import { constant, type Schedule, warmUpCosine, warmUpLinear } from "@tenon/training";

/** The corners of a schedule. */
interface Corners {
  /** The highest rate. */
  readonly rate: number;
  readonly warmUp: number;
  readonly steps: number;
}

/** How the learning rate may go: what `--schedule` takes. */
export const scheduleNames = ["cosine", "linear", "constant"] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/** The schedule of this name. Cosine goes down to a tenth of the rate, as in nanoGPT. */
export function scheduleOf(name: ScheduleName, { rate, warmUp, steps }: Corners): Schedule {
  switch (name) {
    case "cosine":
      return warmUpCosine({ rate, warmUp, steps, floor: rate / 10 });
    case "linear":
      return warmUpLinear({ rate, warmUp, steps });
    case "constant":
      return constant(rate);
  }
}
