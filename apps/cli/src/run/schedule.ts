import {
  constant,
  type Schedule,
  warmUpCosine,
  warmUpInverseSquareRoot,
  warmUpLinear,
  warmUpStableDecay,
} from "@tenon/training";

/** The corners of a schedule. */
interface Corners {
  /** The highest rate. */
  readonly rate: number;
  readonly warmUp: number;
  readonly steps: number;
}

/** How the learning rate may go: what `--schedule` takes. */
export const scheduleNames = ["cosine", "linear", "inverse-square-root", "stable-decay", "constant"] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/** The schedule of this name. Cosine goes down to a tenth of the rate, as in nanoGPT; stable-decay stays up until the last fifth. */
export function scheduleOf(name: ScheduleName, { rate, warmUp, steps }: Corners): Schedule {
  switch (name) {
    case "cosine":
      return warmUpCosine({ rate, warmUp, steps, floor: rate / 10 });
    case "linear":
      return warmUpLinear({ rate, warmUp, steps });
    case "inverse-square-root":
      return warmUpInverseSquareRoot({ rate, warmUp });
    case "stable-decay":
      return warmUpStableDecay({
        rate,
        warmUp,
        steps,
        decay: Math.max(1, Math.min(Math.round(steps / 5), steps - warmUp)),
      });
    case "constant":
      return constant(rate);
  }
}
