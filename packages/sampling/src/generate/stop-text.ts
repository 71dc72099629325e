/** Text cut at a stop string: `before` may be shown, `held` may be the start of a stop string. */
export interface Cut {
  readonly before: string;
  readonly held: string;
  /** Was a stop string found? Then `before` ends where it begins, and nothing is held. */
  readonly stopped: boolean;
}

/**
 * Looks for the stop string that is complete first (of two that end together, the longer), which is what reading
 * character by character would find: the result does not depend on where the tokens end. Without one, the longest end
 * of the text that a stop string begins with is held.
 */
export function cutAtStop(text: string, stops: readonly string[]): Cut {
  let start = text.length;
  let end = Infinity;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at === -1 || at + stop.length > end) continue;
    start = at + stop.length < end ? at : Math.min(start, at);
    end = at + stop.length;
  }
  if (end !== Infinity) return { before: text.slice(0, start), held: "", stopped: true };

  const longest = stops.reduce((length, stop) => Math.max(length, stop.length), 0);
  for (let from = Math.max(0, text.length - longest + 1); from < text.length; from++) {
    const tail = text.slice(from);
    if (stops.some((stop) => stop.startsWith(tail))) return { before: text.slice(0, from), held: tail, stopped: false };
  }
  return { before: text, held: "", stopped: false };
}
