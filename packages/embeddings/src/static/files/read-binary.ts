import type { ByteWindow } from "./byte-window.ts";
import { checkHeader, type Header, headerOf } from "./header.ts";
import type { Mender } from "./repairs.ts";
import { RowStore } from "./row-store.ts";
import { areFinite, newline, space } from "./text-rows.ts";
import { decodeWord, quoted } from "./word-decoder.ts";

/** "9007199254740991 65536\n" has fewer. */
const longestHeader = 64;
/** The originals know no words beyond 1,000 bytes. */
const longestWord = 65_536;

/**
 * Reads word2vec's binary format: a line with how many vectors there are and how many numbers each has; then a word, a space, and its numbers as 32-bit
 * floats, lowest byte first. The original writes a line break behind each vector and gensim none; one before a word is no part of it.
 *
 * @param most how many vectors are wanted at most
 */
export async function readBinary(window: ByteWindow, most: number, mender: Mender): Promise<RowStore> {
  const header = await readHeader(window, mender);
  const store = new RowStore(header.width);
  const rowBytes = 4 * header.width;
  for (let passed = 0; passed < header.count && store.words.length < most; passed++) {
    const place = (): string => `byte ${window.offset()}, vector ${passed + 1}`;
    let wordTo: number;
    while ((wordTo = endOfWord(window, mender, place)) < 0 || window.bytes.length - wordTo <= rowBytes) {
      if (await window.more()) continue;
      const isEnd = window.bytes.length - window.at <= (window.bytes[window.at] === newline ? 1 : 0);
      if (isEnd) mender.found("wrong count", place(), `the file ends, though its header says ${header.count} vectors`);
      else mender.found("cut short", place(), "the file ends within a vector");
      return store;
    }
    store.reserve(window.share, Math.min(most, header.count));
    readRow(window, wordTo, store, mender, place);
    window.at = wordTo + 1 + rowBytes;
  }
  if (store.words.length < most) await expectEnd(window, header, mender);
  return store;
}

async function readHeader(window: ByteWindow, mender: Mender): Promise<Header> {
  await window.hold(longestHeader);
  const end = window.bytes.subarray(0, longestHeader).indexOf(newline);
  const text = new TextDecoder().decode(window.bytes.subarray(0, Math.max(0, end)));
  const header = headerOf(text);
  if (header === undefined)
    mender.refuse(
      "line 1",
      "it is not how many vectors there are and how many numbers each has",
      "This is no file of word2vec's binary format: check the file and its format",
    );
  checkHeader(header, 2 + 4 * header.width, window.source, mender);
  window.at = end + 1;
  return header;
}

/** Where the word ends that begins at the window's place; −1 where its end has not come yet. A line break before it is passed over. */
function endOfWord(window: ByteWindow, mender: Mender, place: () => string): number {
  if (window.bytes[window.at] === newline && window.bytes.length > window.at + 1) window.at++;
  const end = window.bytes.indexOf(space, window.at);
  if ((end < 0 ? window.bytes.length : end) - window.at > longestWord)
    mender.refuse(
      place(),
      `no word ends within ${longestWord} bytes`,
      "The file is damaged before this place: get it again",
    );
  return end;
}

function readRow(window: ByteWindow, to: number, store: RowStore, mender: Mender, place: () => string): void {
  const { bytes, at: from } = window;
  const { data, next, width } = store;
  const target = new Uint8Array(data.buffer, data.byteOffset + 4 * next, 4 * width);
  target.set(bytes.subarray(to + 1, to + 1 + 4 * width));
  if (from === to) return mender.found("empty word", place(), "there is a vector without a word");
  if (!areFinite(data, next, width))
    return mender.found("no number", place(), "the vector has a number that is not finite");
  const word = decodeWord(bytes.subarray(from, to), mender, place);
  if (!store.add(word)) mender.found("repeated word", place(), `the word ${quoted(word)} has come before`);
}

async function expectEnd(window: ByteWindow, { count }: Header, mender: Mender): Promise<void> {
  if ((await window.hold(1)) && window.bytes[window.at] === newline) window.at++;
  if (await window.hold(1))
    mender.found(
      "bytes behind the last vector",
      `byte ${window.offset()}`,
      `the file goes on behind the ${count} vectors of its header`,
    );
}
