import { ConfigError } from "@tenon/tensor";

/** A document has to fit in memory with its tokens; this many characters do. */
const longestText: number = 2 ** 27;

// The lines of a text that comes in chunks, without their line breaks.
export async function* linesOf(chunks: AsyncIterable<string>, name: string): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", from)) {
      yield rest + chunk.slice(from, end);
      rest = "";
      from = end + 1;
    }
    rest = expectRoom(rest + chunk.slice(from), "a line", name);
  }
  if (rest !== "") yield rest;
}

// Runs of lines that are not blank, each with its line breaks inside.
export async function* paragraphsOf(chunks: AsyncIterable<string>, name: string): AsyncGenerator<string> {
  let paragraph: string[] = [];
  let length = 0;
  for await (const line of linesOf(chunks, name)) {
    if (line.trim() !== "") {
      paragraph.push(line);
      length += line.length + 1;
      if (length > longestText) throw tooLong("a paragraph", name);
    } else if (paragraph.length > 0) {
      yield paragraph.join("\n");
      paragraph = [];
      length = 0;
    }
  }
  if (paragraph.length > 0) yield paragraph.join("\n");
}

// What stands between separators, without the line breaks at its ends; nothing behind the last one is no document.
export async function* separatedBy(
  chunks: AsyncIterable<string>,
  separator: string,
  name: string,
): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    // The separator may have begun in the chunk before.
    let search = Math.max(0, rest.length - separator.length + 1);
    rest = expectRoom(rest + chunk, `what precedes ${JSON.stringify(separator)}`, name);
    let from = 0;
    for (let end = rest.indexOf(separator, search); end !== -1; end = rest.indexOf(separator, search)) {
      yield withoutOuterBreaks(rest.slice(from, end));
      from = search = end + separator.length;
    }
    rest = rest.slice(from);
  }
  const last = withoutOuterBreaks(rest);
  if (last !== "") yield last;
}

const withoutOuterBreaks = (text: string): string => text.replace(/^\n+/, "").replace(/\n+$/, "");

// Stretches of at least `length` characters that end after a line break, where there is one within twice as many; the last is as long as what is left.
// Joined, they are the text.
export async function* stretchesOf(chunks: AsyncIterable<string>, length: number): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    rest += chunk;
    // Only when all of what decides is there: where the chunks end must not matter.
    let from = 0;
    while (rest.length - from > 2 * length) {
      const end = endOfStretch(rest, from, length);
      yield rest.slice(from, end);
      from = end;
    }
    rest = rest.slice(from);
  }
  while (rest.length > length) {
    const end = endOfStretch(rest, 0, length);
    yield rest.slice(0, end);
    rest = rest.slice(end);
  }
  if (rest !== "") yield rest;
}

function endOfStretch(text: string, from: number, length: number): number {
  const lineBreak = text.indexOf("\n", from + length - 1);
  if (lineBreak !== -1 && lineBreak < from + 2 * length) return lineBreak + 1;
  const end = Math.min(text.length, from + length);
  // Never between the two halves of a surrogate pair.
  return end < text.length && isHighSurrogate(text.charCodeAt(end - 1)) ? end + 1 : end;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;

// The whole text at once.
export async function* wholeOf(chunks: AsyncIterable<string>, name: string): AsyncGenerator<string> {
  const all: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    all.push(chunk);
    length += chunk.length;
    if (length > longestText) throw tooLong("the whole text", name);
  }
  yield all.join("");
}

function expectRoom(text: string, what: string, name: string): string {
  if (text.length > longestText) throw tooLong(what, name);
  return text;
}

function tooLong(what: string, name: string): ConfigError {
  return new ConfigError(
    `${name}: ${what} has more than ${longestText} characters, too many for one document. Divide it another way, into { stretch: 1_000_000 } for example.`,
    { file: name },
  );
}
