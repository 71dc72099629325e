/**
 * The characters of the words, in the order of their code points; at most `limit` of them, the most frequent ones, and of equally
 * frequent ones those with the lower code points.
 */
export function alphabetOf(words: ReadonlyMap<string, number>, limit: number): string[] {
  const counts = new Map<string, number>();
  for (const [word, count] of words) {
    for (const character of word) counts.set(character, (counts.get(character) ?? 0) + count);
  }
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || byCodePoint(a, b))
    .slice(0, limit)
    .map(([character]) => character)
    .sort(byCodePoint);
}

/** The order of code points, which is not that of JavaScript's strings once surrogate pairs are among them. */
export function byCodePoint(a: string, b: string): number {
  const left = a[Symbol.iterator]();
  const right = b[Symbol.iterator]();
  for (;;) {
    const one = left.next().value?.codePointAt(0) ?? -1;
    const other = right.next().value?.codePointAt(0) ?? -1;
    if (one !== other || one === -1) return one - other;
  }
}
