import { lowerEach } from "./bert.ts";

/** What stands for a space in the pieces of SentencePiece. */
export const metaspace = "▁";

/** SentencePiece's words: NFKC, one space for each run of white space and none at the ends, and the space belongs to the word after it. */
export function splitMetaspace(text: string, lowercase: boolean): string[] {
  const composed = text.normalize("NFKC");
  const normal = (lowercase ? lowerEach(composed) : composed)
    .replace(/\p{White_Space}+/gu, " ")
    .replace(/^ | $/g, "")
    .replaceAll(" ", metaspace);
  if (normal === "") return [];
  return (normal.startsWith(metaspace) ? normal : metaspace + normal).match(/▁[^▁]*|^[^▁]+/gu) ?? [];
}
