import type { ByteWindow } from "./byte-window.ts";
import { checkHeader, type Header, headerOf } from "./header.ts";
import { readOddRow } from "./odd-row.ts";
import type { Mender } from "./repairs.ts";
import { RowStore } from "./row-store.ts";
import { TextLines } from "./text-lines.ts";
import { areFinite, fieldsOf, parseNumbers, wordEnd } from "./text-rows.ts";
import { decodeWord, quoted } from "./word-decoder.ts";
import { widest } from "./header.ts";

/**
 * Reads lines of a word and its numbers. With a header, as word2vec's text and fastText's .vec have it, a word has no spaces. Without, as in
 * GloVe's text, a word is what stands before the last numbers of a line: some of glove.840B's have spaces.
 *
 * @param most how many vectors are wanted at most
 */
export async function readText(
  window: ByteWindow,
  hasHeader: boolean,
  most: number,
  mender: Mender,
): Promise<RowStore> {
  const lines = new TextLines(window, mender);
  if (!(await lines.fill())) mender.refuse("line 1", "the file is empty", "Check the path");
  const header = hasHeader ? readHeader(lines, mender) : undefined;
  const store = new RowStore(header?.width ?? widthOf(lines, mender));
  const wanted = Math.min(most, header?.count ?? Infinity);
  let passed = 0;
  while (store.words.length < most && (lines.isReady || (await lines.fill()))) {
    if (passed++ === header?.count)
      mender.found("wrong count", lines.place, `the header says ${header.count} vectors, but there are more`);
    store.reserve(window.share, wanted);
    readRow(lines, store, hasHeader, mender);
  }
  if (header !== undefined && store.words.length < most && passed < header.count)
    mender.found("wrong count", lines.place, `the file ends, though its header says ${header.count} vectors`);
  return store;
}

function readRow(lines: TextLines, store: RowStore, hasHeader: boolean, mender: Mender): void {
  const { window } = lines;
  const { bytes, at: from } = window;
  let to = wordEnd(bytes, from);
  let end = to === from ? -1 : parseNumbers(bytes, to, store.data, store.next, store.width);
  if (end < 0) {
    const wordTo = readOddRow(lines, store, hasHeader, mender);
    if (wordTo === undefined) return lines.pass(from);
    end = to = wordTo;
  }
  if (!areFinite(store.data, store.next, store.width)) {
    mender.found("no number", lines.place, "a number is beyond what a 32-bit float holds");
    return lines.pass(end);
  }
  const word = decodeWord(bytes.subarray(from, to), mender, () => lines.place);
  if (!store.add(word)) mender.found("repeated word", lines.place, `the word ${quoted(word)} has come before`);
  lines.pass(end);
}

function readHeader(lines: TextLines, mender: Mender): Header {
  const { window } = lines;
  const text = new TextDecoder().decode(window.bytes.subarray(window.at, Math.min(lines.end(), window.at + 100)));
  const header = headerOf(text);
  if (header === undefined)
    mender.refuse(
      "line 1",
      `${JSON.stringify(text)} is not how many vectors there are and how many numbers each has`,
      "Where there is no such line, the format is glove",
    );
  // A word of one byte, a line break, and for each number a blank and a digit.
  checkHeader(header, 2 + 2 * header.width, window.source, mender);
  lines.pass(window.at);
  return header;
}

/** How many numbers stand at the end of the first line, behind at least one field that is a word. */
function widthOf(lines: TextLines, mender: Mender): number {
  const fields = fieldsOf(lines.window.bytes, lines.window.at, lines.end(false));
  const width = fields.length - 1 - fields.findLastIndex((field, i) => i === 0 || !field.isNumber);
  if (width === 0 || width > widest)
    mender.refuse(
      "line 1",
      width === 0 ? "it does not end with a number" : `it has ${width} numbers, but a vector has at most ${widest}`,
      "This is no text of word vectors: check the file and its format",
    );
  return width;
}
