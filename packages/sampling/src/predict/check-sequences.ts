import { ConfigError } from "@tenon/tensor";
import type { Predictor, Wanted } from "./predictor.ts";

/** A sequence with what is wanted of it. */
export interface Asked {
  readonly ids: readonly number[];
  readonly logits: number;
  readonly states: number;
}

/** Throws `ConfigError` for a sequence that is empty, too long or has a foreign id, and for more than there is of something wanted. */
export function sequencesOf(
  sequences: readonly (readonly number[])[],
  { logits = 1, states = 0 }: Wanted,
  { vocabulary, context }: Pick<Predictor, "vocabulary" | "context">,
): readonly Asked[] {
  return sequences.map((ids, row) => {
    if (ids.length === 0 || ids.length > context) {
      throw new ConfigError(`Sequence ${row} has ${ids.length} ids; a model predicts what follows 1 to ${context}`, {
        row,
        ids: ids.length,
        context,
      });
    }
    const foreign = ids.find((id) => !Number.isSafeInteger(id) || id < 0 || id >= vocabulary);
    if (foreign !== undefined) {
      throw new ConfigError(
        `Sequence ${row} has the id ${foreign}, but this model's ids go from 0 to ${vocabulary - 1}`,
        { row, id: foreign, vocabulary },
      );
    }
    for (const [name, count, least] of [
      ["logits", logits, 1],
      ["states", states, 0],
    ] as const) {
      if (Number.isSafeInteger(count) && count >= least && count <= ids.length) continue;
      throw new ConfigError(
        `Wanted are the ${name} of the last ${count} ids, but sequence ${row} has ${ids.length}; the number is from ${least} to that`,
        { row, wanted: count, ids: ids.length },
      );
    }
    return { ids, logits, states };
  });
}
