/** Ids that look as if drawn by Zipf's law, small ones more often, and −1 now and then. */
export function zipf(length: number, vocabulary: number): Int32Array {
  let state = 1;
  return Int32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % 50 === 0 ? -1 : Math.floor(vocabulary ** (state / 2 ** 32)) - 1;
  });
}

/** The same as a text. */
export const zipfText = (length: number, vocabulary: number): string =>
  [...zipf(length, vocabulary)].map((id) => (id < 0 ? "\n" : `w${id} `)).join("");
