import type { AlignedText } from "../align/aligned-text.ts";
import { type Json, refuse } from "../json.ts";
import { type Behavior, behaviors, cut, stretches } from "./behavior.ts";
import { toByteCharacters } from "./byte-alphabet.ts";
import { readPattern } from "./pattern.ts";

/** Cuts a piece of a text into the pieces that the model sees one at a time, and may rewrite them. */
export type PreTokenizer = (piece: AlignedText) => AlignedText[];

/** What `pre_tokenizer` of tokenizer.json says. Throws `ConfigError` for a type that is not known, naming those that are. */
export function readPreTokenizer(json: Json): PreTokenizer {
  const type = json.string("type");
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (read === undefined) {
    throw refuse(
      json.at("type"),
      `is ${JSON.stringify(type)}`,
      `this release knows ${Object.keys(readers).join(", ")}`,
    );
  }
  return read(json);
}

const whitespace = /\p{White_Space}/gu;
const punctuation = /[\p{P}$+<=>^`|~]/gu;
// The classes of the words of Rust's regular expressions.
const wordsAndMarks =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu;
/** Radford et al. (2019): contractions, words, numbers and marks with the space before them, other spaces. */
const byteLevelWords =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

function split(pattern: RegExp, behavior: Behavior, invert = false): PreTokenizer {
  return (piece) => cut(piece, stretches(piece.text, pattern, invert), behavior);
}

function sequence(steps: readonly PreTokenizer[]): PreTokenizer {
  return (piece) => steps.reduce((pieces, step) => pieces.flatMap(step), [piece]);
}

const readers: Readonly<Record<string, (json: Json) => PreTokenizer>> = {
  Sequence: (json) => sequence(json.objects("pretokenizers").map(readPreTokenizer)),
  ByteLevel: byteLevel,
  Metaspace: metaspace,
  Split: (json) => split(readPattern(json), json.oneOf("behavior", behaviors), json.boolean("invert", false)),
  BertPreTokenizer: () => sequence([split(whitespace, "Removed"), split(punctuation, "Isolated")]),
  Whitespace: () => split(wordsAndMarks, "Removed", true),
  WhitespaceSplit: () => split(whitespace, "Removed"),
  Punctuation: (json) => split(punctuation, json.oneOf("behavior", behaviors, "Isolated")),
  Digits: (json) => split(/\p{N}/gu, json.boolean("individual_digits", false) ? "Isolated" : "Contiguous"),
  CharDelimiterSplit: (json) => {
    const delimiter = json.character("delimiter");
    return split(new RegExp(`\\u{${delimiter.codePointAt(0)!.toString(16)}}`, "gu"), "Removed");
  },
  FixedLength: (json) => split(new RegExp(`[\\s\\S]{1,${json.count("length", 5, 1)}}`, "gu"), "Isolated"),
};

function byteLevel(json: Json): PreTokenizer {
  const prefix = json.boolean("add_prefix_space", true);
  const words = json.boolean("use_regex", true) ? split(byteLevelWords, "Isolated") : (piece: AlignedText) => [piece];
  return (piece) =>
    words(prefix && !piece.text.startsWith(" ") ? piece.prepend(" ") : piece).map((word) => word.map(toByteCharacters));
}

function metaspace(json: Json): PreTokenizer {
  const replacement = json.character("replacement");
  const scheme = json.oneOf(
    "prepend_scheme",
    ["first", "never", "always"],
    json.boolean("add_prefix_space", true) ? "always" : "never",
  );
  const mark = new RegExp(`\\u{${replacement.codePointAt(0)!.toString(16)}}`, "gu");
  const words = json.boolean("split", true) ? split(mark, "MergedWithNext") : (piece: AlignedText) => [piece];
  return (piece) => {
    const marked = piece.map((character) => (character === " " ? replacement : character));
    const first = scheme === "always" || (scheme === "first" && marked.origin === 0);
    return words(first && !marked.text.startsWith(replacement) ? marked.prepend(replacement) : marked);
  };
}
