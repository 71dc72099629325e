import { Heap } from "../../heap.ts";

/** Two neighbours that could become one token: the rank of their merge, the place of the left one, and the id of the token. */
export interface Candidate {
  readonly rank: number;
  readonly place: number;
  readonly id: number;
}

/** Gives the candidate of the lowest rank, and of equals the leftmost. */
export const mergeQueue = (): Heap<Candidate> =>
  new Heap((a, b) => a.rank < b.rank || (a.rank === b.rank && a.place < b.place));
