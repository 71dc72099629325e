import { ConfigError } from "@tenon/tensor";

/** The share of a text that is never trained on: its end. */
export const heldOutShare = 0.1;
/** Batches in one held-out loss. */
export const heldOutBatches = 20;

/** Both parts of the text need one window at least, and `beyond` tokens after it. */
export function checkLength(tokens: number, context: number, beyond: number): void {
  const window = context + beyond;
  const heldOut = Math.round(tokens * heldOutShare);
  if (heldOut >= window) return;
  const most = heldOut - beyond;
  const remedy =
    most >= 3
      ? `Use a longer text, or a context of at most ${most} (--context, or --window beside --from)`
      : "Use a longer text";
  throw new ConfigError(
    `the text is too short for a context of ${context}: it has ${tokens} tokens, of which the last tenth (${heldOut}) is held out, ` +
      `and ${window} are needed there. ${remedy}.`,
    { tokens, heldOut, context },
  );
}
