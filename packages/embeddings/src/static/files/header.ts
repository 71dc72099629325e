import type { Mender } from "./repairs.ts";
import type { VectorBytes } from "./vector-bytes.ts";

/** The most numbers that a vector may have: far above all there are, and few enough that a lie costs nothing. */
export const widest = 65_536;

/** What the first line of word2vec's files and fastText's .vec says. */
export interface Header {
  readonly count: number;
  readonly width: number;
}

const whole = /^\d+$/;

/** The two numbers of a first line that is a header. */
export function headerOf(line: string): Header | undefined {
  const [count = "", width = "", ...others] = line.trimEnd().split(/[ \t]+/);
  if (others.length > 0 || !whole.test(count) || !whole.test(width)) return undefined;
  return { count: Number(count), width: Number(width) };
}

/**
 * Refuses a header that cannot be true, before anything is made as large as it says: of no vectors, of vectors of no or too many numbers, or of more than
 * the file has bytes for.
 *
 * @param rowBytes how many bytes a vector and its word take at least
 */
export function checkHeader(
  { count, width }: Header,
  rowBytes: number,
  { largest }: VectorBytes,
  mender: Mender,
): void {
  const says = `the header says ${count} vectors of ${width} numbers`;
  if (count === 0 || width === 0)
    mender.refuse("line 1", `${says}, and that is none`, "Get the file again, or correct its first line");
  if (width > widest)
    mender.refuse("line 1", `${says}, but a vector has at most ${widest}`, "Check that it is a file of word vectors");
  if (largest !== undefined && count * rowBytes > largest)
    mender.found("wrong count", "line 1", `${says}, and the file's ${largest} bytes cannot hold them`);
}
