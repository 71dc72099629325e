import type { AlignedText, Change } from "./aligned-text.ts";

/** The normal forms of Unicode Standard Annex 15. */
export type UnicodeForm = "NFC" | "NFD" | "NFKC" | "NFKD";

/**
 * Brings a text into a normal form and keeps the spans: decomposes each character, puts combining marks in canonical order and, for NFC and NFKC,
 * composes again. JavaScript normalises but does not say what came from where, so the steps are taken one at a time, with its own
 * normalisation as the source of every Unicode fact.
 */
export function unicodeForm(text: AlignedText, form: UnicodeForm): AlignedText {
  // Engines take time that is quadratic in a run of marks, and somebody may send a long one.
  if (!/\p{M}{100}/u.test(text.text) && text.text.normalize(form) === text.text) return text;
  const decomposed = decompose(text.text, form === "NFC" || form === "NFD" ? "NFD" : "NFKD");
  return text.transform(form === "NFC" || form === "NFKC" ? compose(decomposed) : decomposed);
}

function decompose(text: string, form: "NFD" | "NFKD"): Change[] {
  const changes: Change[] = [];
  for (const character of text) {
    let first = true;
    for (const part of character.normalize(form)) {
      changes.push([part, first ? 0 : 1]);
      first = false;
    }
  }
  return reorder(changes);
}

/** Canonical order: each run of marks is sorted by combining class, and those of one class keep their order. */
function reorder(changes: Change[]): Change[] {
  const ordered: Change[] = [];
  let run: Change[] = [];
  const flush = () => {
    if (run.length > 1) run.sort(([a], [b]) => (comesBefore(a, b) ? -1 : comesBefore(b, a) ? 1 : 0));
    for (const change of run) ordered.push(change);
    run = [];
  };
  for (const change of changes) {
    if (!isMark(change[0])) flush();
    run.push(change);
    if (!isMark(change[0])) flush();
  }
  flush();
  return ordered;
}

/** Composes each starter with the marks after it that nothing blocks; each of them that is absorbed is one character removed. */
function compose(changes: readonly Change[]): Change[] {
  const composed: Change[] = [];
  let starter = -1; // the place in `composed` of the last character that others can join
  let last: string | undefined; // the last mark after it that stayed
  for (const [character, change] of changes) {
    const mark = isMark(character);
    const blocked = last !== undefined && !(mark && comesBefore(last, character));
    const whole = starter < 0 || blocked ? undefined : composeTwo(composed[starter]![0], character);
    if (whole !== undefined) {
      composed[starter] = [whole, composed[starter]![1] + change - 1];
      continue;
    }
    composed.push([character, change]);
    if (!mark) [starter, last] = [composed.length - 1, undefined];
    else if (starter >= 0) last = character;
  }
  return composed;
}

const pairs = new Map<string, string | undefined>();

function composeTwo(first: string, second: string): string | undefined {
  const pair = first + second;
  if (pairs.has(pair)) return pairs.get(pair);
  const whole = pair.normalize("NFC");
  // A pair that becomes another pair has only been reordered or replaced.
  const result = whole.length === (whole.codePointAt(0)! > 0xffff ? 2 : 1) ? whole : undefined;
  if (pairs.size > 10_000) pairs.clear();
  pairs.set(pair, result);
  return result;
}

const marks = new Map<string, boolean>();

/** Has the character a combining class other than 0? Then it changes places with one of a lower or higher class. */
function isMark(character: string): boolean {
  if (character < "\u0300") return false;
  let mark = marks.get(character);
  if (mark === undefined) {
    // Classes 1 (U+0334) and 240 (U+0345) are the lowest and the highest.
    mark = comesBefore("\u0334", character) || comesBefore(character, "\u0345");
    if (marks.size > 10_000) marks.clear();
    marks.set(character, mark);
  }
  return mark;
}

const orders = new Map<string, boolean>();

/** Is the combining class of `low` smaller than that of `high`, and neither 0? */
function comesBefore(low: string, high: string): boolean {
  if (low === high) return false;
  const key = high + low;
  let before = orders.get(key);
  if (before === undefined) {
    // A base that composes with nothing keeps the two from being taken for anything but marks.
    before = `\u0378${high}${low}`.normalize("NFD") === `\u0378${low}${high}`;
    if (orders.size > 10_000) orders.clear();
    orders.set(key, before);
  }
  return before;
}
