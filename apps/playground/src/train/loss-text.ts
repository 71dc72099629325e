/** A loss as it is written: with three digits behind the point, unless it has run away. */
export const lossText = (loss: number): string => (loss < 10_000 ? loss.toFixed(3) : loss.toExponential(1));
