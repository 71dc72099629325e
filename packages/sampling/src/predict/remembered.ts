/** What a cache holds: in row i `paddings[i]` ids that do not count, then `rows[i]`; all rows end together. */
export interface Held {
  readonly rows: readonly (readonly number[])[];
  readonly paddings: readonly number[];
}

/** How to come from what is held to what is asked: keep these rows, crop them to this length, and append the rest. */
export interface Reuse {
  /** For each sequence, the row that begins as it does. */
  readonly from: readonly number[];
  /** How many positions stay, padding included. */
  readonly length: number;
  readonly paddings: readonly number[];
}

/**
 * The most that can stay of what is held, when at least the last `fresh` ids of each sequence are to be read and a cache has `room` for so many positions.
 * Undefined when nothing can. Sequences of a batch have to end together, so each needs a row whose padding makes up for its length; a row that has ended
 * may leave the others so much padding that they outgrow the room.
 */
export function reusable(
  held: Held,
  sequences: readonly (readonly number[])[],
  fresh: number,
  room: number,
): Reuse | undefined {
  const [first] = sequences;
  const likeliest = held.rows
    .map((ids, row) => ({ padding: held.paddings[row]!, common: commonPrefix(ids, first!) }))
    .sort((a, b) => b.common - a.common);
  let best: Reuse | undefined;
  let fewest = Infinity; // positions to read
  for (const padding of new Set(likeliest.map((row) => row.padding))) {
    const end = first!.length + padding;
    const reuse = end > room ? undefined : endingAt(end, held, sequences, fresh);
    if (reuse === undefined || end - reuse.length >= fewest) continue;
    [best, fewest] = [reuse, end - reuse.length];
    if (fewest === fresh) break;
  }
  return best;
}

/** The same when all sequences end at this position. */
function endingAt(
  end: number,
  held: Held,
  sequences: readonly (readonly number[])[],
  fresh: number,
): Reuse | undefined {
  const from: number[] = [];
  let length = end - fresh;
  for (const ids of sequences) {
    const padding = end - ids.length;
    const row = longestPrefix(held, ids, padding);
    if (row === -1) return undefined;
    from.push(row);
    length = Math.min(length, padding + commonPrefix(held.rows[row]!, ids));
  }
  const paddings = from.map((row) => held.paddings[row]!);
  return paddings.every((padding) => length > padding) ? { from, length, paddings } : undefined;
}

/** The row, of those with this padding, that agrees with the ids for longest; −1 without any. */
function longestPrefix({ rows, paddings }: Held, ids: readonly number[], padding: number): number {
  let best = -1;
  let longest = -1;
  for (const [row, held] of rows.entries()) {
    if (paddings[row] !== padding) continue;
    const common = commonPrefix(held, ids);
    if (common > longest) [best, longest] = [row, common];
  }
  return best;
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return i;
  return end;
}
