/** A text of a window: where it stands in it, and its ids. */
export interface Item {
  readonly place: number;
  readonly ids: readonly number[];
}

/**
 * Puts texts of similar lengths together, longest first, so that little of a batch is padding: each batch has at most `tokens` with its padding, and at least one
 * text. The longest come first because what is too large for the memory fails at once then, and not after an hour.
 */
export function batchesByLength(texts: readonly (readonly number[])[], tokens: number): Item[][] {
  const items = texts
    .map((ids, place): Item => ({ ids, place }))
    .sort((a, b) => b.ids.length - a.ids.length || a.place - b.place);
  const batches: Item[][] = [];
  let longest = 0;
  for (const item of items) {
    const last = batches.at(-1);
    if (last !== undefined && longest * (last.length + 1) <= tokens) last.push(item);
    else {
      batches.push([item]);
      longest = item.ids.length;
    }
  }
  return batches;
}
