import { ConfigError } from "@tenon/tensor";
import type { Json } from "../json.ts";
import type { Token } from "./token.ts";

/** Cuts texts that are too long, before special tokens are put around them. */
export type Truncate = (sequences: readonly (readonly Token[])[], added: number) => readonly (readonly Token[])[];

/**
 * What `truncation` of tokenizer.json says: at most `max_length` tokens, the `added` special ones included, taken from the longer text, or from the
 * first or second alone. What is cut off is dropped: windows that overlap (`stride`) are for the caller to make.
 */
export function readTruncation(json: Json): Truncate {
  const most = json.count("max_length");
  const strategy = json.oneOf("strategy", ["LongestFirst", "OnlyFirst", "OnlySecond"]);
  const left = json.oneOf("direction", ["Left", "Right"], "Right") === "Left";
  const shorten = (tokens: readonly Token[], length: number) =>
    tokens.length <= length ? tokens : left ? tokens.slice(tokens.length - length) : tokens.slice(0, length);

  return (sequences, added) => {
    const room = most - added;
    if (room < 0) {
      throw new ConfigError(
        `truncation.max_length of tokenizer.json is ${most}, but the special tokens alone are ${added}; leave truncation out`,
        { key: "truncation.max_length" },
      );
    }
    const [first, second] = sequences;
    const total = first!.length + (second?.length ?? 0);
    if (total <= room) return sequences;
    if (room === 0) return sequences.map(() => []);
    if (strategy === "LongestFirst") {
      if (second === undefined) return [shorten(first!, room)];
      const [one, two] = share(first!.length, second.length, room);
      return [shorten(first!, one), shorten(second, two)];
    }
    const target = strategy === "OnlyFirst" ? first! : second;
    const length = (target?.length ?? 0) - (total - room);
    if (target === undefined || length <= 0) {
      throw new ConfigError(
        `truncation.strategy of tokenizer.json is ${strategy}, and that text cannot give the ${total - room} tokens that are too many; ` +
          "leave truncation out or shorten the texts",
        { key: "truncation.strategy" },
      );
    }
    return sequences.map((tokens) => (tokens === target ? shorten(tokens, length) : tokens));
  };
}

/** The lengths of two texts that together have `room`: the longer gives first, then both, and the odd token goes to the longer. */
function share(first: number, second: number, room: number): [number, number] {
  const half = Math.floor(room / 2);
  const least = Math.min(first, second);
  const shorter = Math.min(least, half);
  const longer = room - shorter;
  return first > second ? [longer, shorter] : [shorter, longer];
}
