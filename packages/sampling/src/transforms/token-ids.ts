import { ConfigError } from "@tenon/tensor";

/** Is it an id of some vocabulary? */
export const isId = (id: unknown): id is number => Number.isSafeInteger(id) && (id as number) >= 0;

/**
 * A copy of the ids that a transform was made with. Throws `ConfigError` unless it is a list of at least one id, each a
 * whole number of at least 0. `call` says for what, such as "suppress(ids)".
 */
export function checkIds(call: string, ids: readonly number[]): readonly number[] {
  if (Array.isArray(ids) && ids.length > 0 && ids.every(isId)) return ids.slice();
  throw new ConfigError(
    `${call} needs a list of at least one token id, each a whole number of at least 0, got ${JSON.stringify(ids) ?? "undefined"}`,
    { ids },
  );
}

/** Throws `ConfigError` for an id that the vocabulary of `v` tokens does not have: it would have no effect. */
export function checkVocabulary(name: string, ids: Iterable<number>, v: number): void {
  for (const id of ids) {
    if (id < v) continue;
    throw new ConfigError(
      `${name} names the token id ${id}, but there are logits for the ids 0 to ${v - 1} only. Take the ids from the model's own tokenizer.`,
      { id, vocabulary: v },
    );
  }
}

/** The ids as a name shows them: all if they are few. */
export function listIds(ids: readonly number[]): string {
  return ids.length <= 4 ? `[${ids.join(", ")}]` : `[${ids.slice(0, 3).join(", ")}, … ${ids.length} ids]`;
}

/** A copy of the logits in which these ids are excluded. */
export function without(logits: Float32Array, ids: readonly number[]): Float32Array {
  const rest = logits.slice();
  for (const id of ids) rest[id] = -Infinity;
  return rest;
}

/** Logits [v] that leave nothing but these ids, all equally probable: 0, and `-Infinity` for the others. */
export function only(ids: readonly number[], v: number): Float32Array {
  const forced = new Float32Array(v).fill(-Infinity);
  for (const id of ids) forced[id] = 0;
  return forced;
}
