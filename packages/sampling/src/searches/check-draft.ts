import { ConfigError } from "@tenon/tensor";
import { isTokenId } from "../generate/checks.ts";
import type { Draft } from "./drafter.ts";

/** Throws `ConfigError` for more ids than were asked for, ids that the model does not have, and scores that the ids cannot come from. */
export function checkDraft({ ids, scores }: Draft, name: string, count: number, vocabulary: number): void {
  if (ids.length > Math.max(0, count)) {
    throw new ConfigError(
      `The drafter ${name} was asked for at most ${count} ids and proposed ${ids.length}. It has to keep to count.`,
      { count, got: ids.length },
    );
  }
  const foreign = ids.findIndex((id: unknown) => !isTokenId(id, vocabulary));
  if (foreign !== -1) {
    throw new ConfigError(
      `The drafter ${name} proposed the id ${ids[foreign]}, but this model's ids go from 0 to ${vocabulary - 1}`,
      { id: ids[foreign], vocabulary },
    );
  }
  if (scores === undefined) return;
  if (
    scores.length === ids.length &&
    ids.every((id, i) => scores[i]!.length === vocabulary && scores[i]![id]! > -Infinity)
  )
    return;
  throw new ConfigError(
    `The drafter ${name} gave scores that its ids cannot come from. For each id there are ${vocabulary} of them, and that of the id is not -Infinity.`,
    { ids: ids.length, scores: scores.length },
  );
}
