import { ConfigError } from "@tenon/tensor";

/** Ids as an Int32Array, which is not copied if they already are one. Throws `ConfigError` naming the first that is none. */
export function expectIds(caller: string, ids: ArrayLike<number>, limit: number = 2 ** 31): Int32Array {
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    if (Number.isInteger(id) && id >= 0 && id < limit) continue;
    throw new ConfigError(
      `${caller}: token id ${id} at place ${i} is out of range: expected a whole number from 0 to ${limit - 1}. Was the text encoded with another vocabulary?`,
      { id, index: i, limit },
    );
  }
  return ids instanceof Int32Array ? ids : Int32Array.from(ids);
}

/** Throws `ConfigError` unless a mark, such as that of an end, is an id: one of the vocabulary where that is known. */
export function expectId(caller: string, option: string, id: number, vocabulary?: number): void {
  if (Number.isInteger(id) && id >= 0 && id < (vocabulary ?? 2 ** 31)) return;
  const expected =
    vocabulary === undefined
      ? "an id, a whole number from 0 up"
      : `an id of the vocabulary, a whole number from 0 to ${vocabulary - 1}`;
  throw new ConfigError(`${caller}: ${option} must be ${expected}, got ${id}`, { [option]: id, vocabulary });
}
