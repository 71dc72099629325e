import { ConfigError } from "@tenon/tensor";
import { kindOf } from "../check.ts";
import type { Specials } from "../special.ts";
import type { Pace } from "./pace.ts";
import type { Texts } from "./train-options.ts";

/**
 * How often each word occurs in the texts. Only the distinct words are held, so texts larger than memory can stream through.
 *
 * Special tokens that stand in a text are left out: an encoder cuts them out before it looks at the rest.
 */
export async function countWords(
  texts: Texts,
  specials: Specials,
  split: (text: string) => Iterable<string>,
  pace: Pace,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let read = 0;
  const take = (text: unknown): void => {
    if (typeof text !== "string") {
      throw new ConfigError(`text ${read} (the first is text 0) is ${kindOf(text)}; a trainer reads strings`, {
        key: "texts",
        index: read,
      });
    }
    // Half a surrogate pair has no UTF-8, and no other library could read a token with one.
    for (const [place, part] of specials.split(text.toWellFormed()).entries()) {
      if (place % 2 === 1) continue;
      for (const word of split(part)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    read++;
  };

  if (isAsync(texts)) {
    for await (const text of texts) {
      take(text);
      if (pace.due()) await pace.pause({ phase: "texts", done: read });
    }
  } else {
    for (const text of checkIterable(texts)) {
      take(text);
      if (pace.due()) await pace.pause({ phase: "texts", done: read });
    }
  }
  await pace.pause({ phase: "texts", done: read });
  if (counts.size > 0) return counts;
  const came = read === 0 ? "no text came" : `the ${read} that came ${read === 1 ? "has" : "have"} none`;
  throw new ConfigError(`a trainer needs texts with at least one word in them; ${came}`, { key: "texts", read });
}

function isAsync(texts: Texts): texts is AsyncIterable<string> {
  return typeof texts === "object" && texts !== null && Symbol.asyncIterator in texts;
}

function checkIterable(texts: unknown): Iterable<unknown> {
  if (typeof texts === "string") {
    throw new ConfigError("texts is a list of strings or another iterable of them; got one string: write [text]", {
      key: "texts",
    });
  }
  if (typeof texts === "object" && texts !== null && Symbol.iterator in texts) return texts as Iterable<unknown>;
  throw new ConfigError(`texts is an iterable or async iterable of strings, got ${kindOf(texts)}`, { key: "texts" });
}
