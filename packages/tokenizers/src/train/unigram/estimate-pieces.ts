import type { Pace } from "../pace.ts";
import { type ScoredPiece, UnigramEstimate, type UnigramStart } from "./estimate.ts";

/** Rounds of EM between two prunings: as many as in SentencePiece. */
const rounds = 2;

/** EM and pruning in turn until `size` pieces are left (Kudo 2018, section 3.2), then EM once more. */
export async function estimatePieces(start: UnigramStart, size: number, pace: Pace): Promise<ScoredPiece[]> {
  const estimate = new UnigramEstimate(start);
  const report = (): Promise<void> => pace.pause({ phase: "pieces", done: estimate.size, total: size });
  const pause = (): Promise<void> | undefined => (pace.due() ? report() : undefined);
  // Where the texts give fewer pieces than are wanted, those that are hardly used go all the same.
  const least = estimate.size > size ? size : 0;
  for (;;) {
    for (let round = 0; round < rounds; round++) {
      const expected = await estimate.expect(pause);
      estimate.maximise(expected);
      if (estimate.size > least) estimate.dropUnused(expected, least);
    }
    if (estimate.size <= size) break;
    await estimate.prune(await estimate.expect(pause), size, pause);
  }
  await report();
  return estimate.pieces();
}
