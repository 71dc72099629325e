import type { Json } from "@tenon/tensor";

/** A list of numbers as text: [16, null] → "16, all". */
export function listText(list: readonly Json[] | undefined): string {
  return (list ?? []).map((each) => (each === null ? "all" : JSON.stringify(each))).join(", ");
}

/** The way back; nothing for an empty text. Throws an `Error` in words. */
export function listFrom(
  text: string,
  { nullable, length }: { nullable: boolean; length?: number | undefined },
): Json[] | undefined {
  const pieces = text.split(/[\s,;×x]+/).filter((piece) => piece !== "");
  if (pieces.length === 0) return undefined;
  const list = pieces.map((piece): Json => {
    if (nullable && /^(all|null)$/i.test(piece)) return null;
    const number = Number(piece);
    if (Number.isNaN(number))
      throw new Error(
        `“${piece}” is no number. Write numbers with commas between them${nullable ? ', or "all"' : ""}.`,
      );
    return number;
  });
  if (length !== undefined && list.length !== length)
    throw new Error(`Write ${length} numbers, with a comma between them.`);
  return list;
}
