const nothing: RegExp = /[\0\uFFFD]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/gu;
const ideograph: RegExp =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;
const words: RegExp = /[!-/:-@[-`{-~\p{P}]|[^\p{White_Space}!-/:-@[-`{-~\p{P}]+/gu;

/**
 * BERT's words (Devlin et al. 2019): control characters go, ideographs stand alone, and `lowercase` also takes the accents away; then
 * spaces separate, and each punctuation mark and ASCII symbol is a word of its own.
 */
export function splitBert(text: string, lowercase: boolean): string[] {
  let normal = text.replace(nothing, "").replace(ideograph, " $& ");
  if (lowercase) normal = lowerEach(normal.normalize("NFD").replace(/\p{Mn}/gu, ""));
  return normal.match(words) ?? [];
}

/** Lower case one character at a time, as the reference does it: whole strings would treat a sigma by where it stands. */
export function lowerEach(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes("ς") ? Array.from(text, (character) => character.toLowerCase()).join("") : lower;
}
