import { lowest, type LossSeries } from "./loss-series.ts";
import { lossText, stepText } from "./ticks.ts";

/** What the legend says of the training loss. */
export function trainingKey({ smoothed, over }: LossSeries): string {
  return `training ${lossText(smoothed.at(-1)!.y)}${over > 1 ? " (smoothed)" : ""}`;
}

/** What the legend says of the held-out loss. */
export function heldOutKey({ heldOut }: LossSeries): string {
  return `held out ${lossText(heldOut.at(-1)!.y)}`;
}

/** And what it adds where the held-out loss was lower before. */
export function lowestKey({ heldOut }: LossSeries): string | undefined {
  const best = lowest(heldOut);
  if (best === undefined || best.y === heldOut.at(-1)!.y) return undefined;
  return `(lowest ${lossText(best.y)} at step ${stepText(best.x)})`;
}

/** The chart in words, for those who do not see it. */
export function inWords(series: LossSeries): string {
  const { smoothed, over, heldOut, steps } = series;
  const sentences = [`Loss by step, from step ${stepText(steps[0])} to ${stepText(steps[1])}.`];
  if (smoothed.length > 0) {
    const [first, last] = [smoothed[0]!.y, smoothed.at(-1)!.y];
    sentences.push(
      `The training loss${over > 1 ? ", smoothed," : ""} goes from ${lossText(first)} to ${lossText(last)}.`,
    );
  }
  if (heldOut.length > 0) {
    const [first, last, best] = [heldOut[0]!.y, heldOut.at(-1)!.y, lowest(heldOut)!];
    const bottom = `it is lowest, ${lossText(best.y)}, at step ${stepText(best.x)}`;
    sentences.push(`The held-out loss goes from ${lossText(first)} to ${lossText(last)}; ${bottom}.`);
  }
  return sentences.join(" ");
}
