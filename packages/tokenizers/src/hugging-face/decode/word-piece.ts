/** Takes back what a tokenizer of English put between marks and contractions and their words. */
export function cleanUp(text: string): string {
  let clean = text;
  for (const [from, to] of spacings) clean = clean.replaceAll(from, to);
  return clean;
}

const spacings: readonly (readonly [from: string, to: string])[] = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" do not", " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

/** What a token writes: a piece of a word its text without the prefix, any other a space before it unless it is the first. */
export function writeWordPiece(token: string, first: boolean, prefix: string, clean: boolean): string {
  let text = token;
  if (!first) text = token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
  return clean ? cleanUp(text) : text;
}
