import { ConfigError } from "@tenon/tensor";

/** The share of a text that is never trained on: its end. */
export const heldOutShare = 0.1;

/** Throws `ConfigError` unless both parts of a text have one window at least, and `beyond` tokens after it. */
export function checkLength(tokens: number, window: number, beyond: number): void {
  const heldOut = Math.round(tokens * heldOutShare);
  if (heldOut >= window + beyond) return;
  const most = heldOut - beyond;
  const shorter = most >= 3 ? `, or let the pieces have ${most} tokens or fewer` : "";
  throw new ConfigError(
    `the text is too short for pieces of ${window} tokens: it has ${tokens}, of which the last tenth (${heldOut}) is held out, and ${window + beyond} are needed there. Take a longer text${shorter}.`,
    { tokens, heldOut, window },
  );
}
