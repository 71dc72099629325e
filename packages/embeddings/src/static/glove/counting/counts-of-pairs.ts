/**
 * The number under which a pair is counted: row · v + column, exact in a double for any vocabulary of less than 94 million words. Sorted
 * numbers are pairs sorted by row, then by column.
 */
export const pairNumber = (row: number, column: number, vocabulary: number): number => row * vocabulary + column;

/**
 * Pairs and their counts: [number, count, number, count …], by rising number, each once. Runs on disk and what is merged from them have
 * this form.
 */
export type SortedCounts = Float64Array<ArrayBuffer>;

/** How many pairs go from hand to hand at once: 128 KiB of them. */
export const pairsAtOnce = 8192;
