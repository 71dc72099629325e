import { quote } from "./show.ts";

/**
 * JSON with what `JSON.parse` loses: objects are maps whose keys are known to differ, and a number that is not plainly a whole
 * one from 0 to 2^53 - 1 keeps its spelling.
 */
export type JsonValue =
  | string
  | boolean
  | null
  | number
  | OddNumber
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>;
export interface OddNumber {
  readonly spelling: string;
}

/** The deepest level of objects and of lists: a header (level 0) holds entries, and these hold lists. */
const deepest: Readonly<Record<string, number>> = { "{": 1, "[": 2 };
/** Far beyond any tensor's axes and any file's metadata; without limits, a hostile header fills the memory before it is refused. */
export const longestList = 256;
export const mostKeys = 100_000;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Reader {
  readonly #text: string;
  readonly #refuse: (problem: string) => never;
  readonly #path: string[] = [];
  #at = 0;

  constructor(text: string, refuse: (problem: string) => never) {
    this.#text = text;
    this.#refuse = refuse;
  }

  document(visit: (key: string, value: JsonValue) => void): void {
    if (this.#peek() !== "{") this.#unexpected('"{"');
    const keys = new Set<string>();
    this.#members(0, keys, (key, value) => {
      keys.add(key);
      visit(key, value);
    });
    if (this.#peek() !== undefined) this.#unexpected("the end of the header");
  }

  #value(depth: number): JsonValue {
    const next = this.#peek();
    if (depth > (deepest[next ?? ""] ?? depth)) {
      this.#refuse(`nests deeper than a header does at character ${this.#at}${this.#where()}`);
    }
    if (next === "{") {
      const entries = new Map<string, JsonValue>();
      this.#members(depth, entries, (key, value) => {
        if (entries.size === mostKeys) this.#refuse(`has more than ${mostKeys} keys${this.#where(-1)}`);
        entries.set(key, value);
      });
      return entries;
    }
    if (next === "[") return this.#array(depth);
    if (next === '"') return this.#string();
    for (const [word, value] of [
      ["true", true],
      ["false", false],
      ["null", null],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    number.lastIndex = this.#at;
    const spelling = number.exec(this.#text)?.[0] ?? this.#unexpected("a value");
    this.#at += spelling.length;
    const value = Number(spelling);
    return /^\d+$/.test(spelling) && Number.isSafeInteger(value) ? value : { spelling };
  }

  #members(depth: number, keys: { has(key: string): boolean }, visit: (key: string, value: JsonValue) => void): void {
    this.#at++;
    if (this.#take("}")) return;
    do {
      if (this.#peek() !== '"') this.#unexpected("a key in double quotes");
      const start = this.#at;
      const key = this.#string();
      if (keys.has(key))
        this.#refuse(`has the key ${quote(key)} twice${this.#where()}, the second time at character ${start}`);
      if (!this.#take(":")) this.#unexpected('":"');
      this.#path.push(key);
      visit(key, this.#value(depth + 1));
      this.#path.pop();
    } while (this.#take(","));
    if (!this.#take("}")) this.#unexpected('"," or "}"');
  }

  #array(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = [];
    this.#at++;
    if (this.#take("]")) return items;
    do {
      if (items.length === longestList) this.#refuse(`has a list of more than ${longestList} items${this.#where()}`);
      items.push(this.#value(depth + 1));
    } while (this.#take(","));
    if (!this.#take("]")) this.#unexpected('"," or "]"');
    return items;
  }

  #string(): string {
    const start = this.#at++;
    let escaped = false;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at++);
      if (code === 0x22) break;
      if (code === 0x5c) {
        escaped = true;
        this.#at++;
      } else if (!(code >= 0x20)) {
        // Also at the end of the text, where charCodeAt gives NaN.
        this.#refuse(`has a string${this.#where()} that starts at character ${start} and does not end properly`);
      }
    }
    if (!escaped) return this.#text.slice(start + 1, this.#at - 1);
    try {
      const value = JSON.parse(this.#text.slice(start, this.#at)) as string;
      if (isWellFormed(value)) return value;
    } catch {
      // Reported below, in the same words as half a surrogate pair.
    }
    return this.#refuse(`has a string${this.#where()} at character ${start} with an invalid escape`);
  }

  #peek(): string | undefined {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "end")) this.#at++;
    return this.#text[this.#at];
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #unexpected(expected: string): never {
    const came = this.#text[this.#at];
    return this.#refuse(
      `is not valid JSON at character ${this.#at}${this.#where()}: expected ${expected}, got ${came === undefined ? "the end" : quote(came)}`,
    );
  }

  /** The keys that lead here, all of them or without the last ones. */
  #where(end?: number): string {
    const path = this.#path.slice(0, end);
    return path.length === 0 ? "" : ` inside ${path.map(quote).join(" → ")}`;
  }
}

/**
 * Strict JSON (RFC 8259) that refuses duplicate keys and half surrogate pairs. The members of the outermost object are handed
 * over one by one: whoever refuses the first bad one never holds a hundred megabytes of them.
 *
 * @param refuse gets the problem as the rest of a sentence that starts with "the header", and throws
 */
export function readObject(
  text: string,
  visit: (key: string, value: JsonValue) => void,
  refuse: (problem: string) => never,
): void {
  new Reader(text, refuse).document(visit);
}

/** No half surrogate pairs, so the text survives UTF-8. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
