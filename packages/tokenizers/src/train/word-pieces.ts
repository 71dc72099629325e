import { ConfigError } from "@tenon/tensor";
import { kindOf } from "../check.ts";
import { alphabetOf, byCodePoint } from "./alphabet.ts";
import { countWords } from "./count-words.ts";
import { mergePairs, type MergeStart } from "./merges/merge-pairs.ts";
import { Pace } from "./pace.ts";
import { splitBert } from "./text/bert.ts";
import { template, type TokenizerFile, tokenizerFile, vocabularyOf, type WordPieceModel } from "./tokenizer-file.ts";
import {
  checkFlag,
  checkRoom,
  checkTrainOptions,
  checkCount,
  requireSpecial,
  type Texts,
  type TrainOptions,
} from "./train-options.ts";

/** What {@link trainWordPieces} takes. */
export interface WordPieceOptions extends TrainOptions {
  /** A pair that occurs fewer times is not merged; 2 by default. */
  readonly minimumCount?: number | undefined;
  /** The most characters in the alphabet; words with any other become `special.unknown`. No limit by default. */
  readonly maximumAlphabet?: number | undefined;
  /** Ignore case and accents, as "uncased" BERT does; true by default. */
  readonly lowercase?: boolean | undefined;
  /** What a piece begins with that continues a word; "##" by default. */
  readonly prefix?: string | undefined;
}

/**
 * Trains WordPiece, the tokenizer of BERT, and gives its `tokenizer.json`.
 *
 * A text is cut into BERT's words and marks (`BertNormalizer`, `BertPreTokenizer`), a word into characters, of which all but the first carry
 * the prefix: `t ##h ##e`. Pairs are merged by how often they occur, like in {@link trainBytePairs}. That is the rule of the Python library's
 * `WordPieceTrainer`, whose vocabularies this equals; the published rule merges the pair that raises the likelihood of the text most. An encoder takes the longest piece that fits, from left to right, and knows no merges.
 *
 * After the special tokens come the alphabet and its characters with the prefix, in the order of code points. The reference gives the
 * latter ids that differ from run to run, so where pairs are equally frequent its pieces do, too; here they depend on nothing but the texts.
 * Words with characters beyond `maximumAlphabet` are not trained on: an encoder makes `unknown` of the whole word.
 *
 * `special` is `{ pad: "[PAD]", unknown: "[UNK]", class: "[CLS]", separator: "[SEP]", mask: "[MASK]" }` by default. `unknown` must be there;
 * `class` goes before each text and `separator` after it, if they are there. The text of a special token is not trained on.
 *
 * Throws `ConfigError` for options that it does not know or that are out of range, special tokens that repeat, a `maximumSize` with no room for
 * special tokens and alphabet, texts without a word, and something else than a string among the texts; `signal.reason` when aborted.
 *
 * Schuster and Nakajima 2012, "Japanese and Korean Voice Search"; Devlin et al. 2019, "BERT".
 *
 * @example
 * ```ts
 * const file = await trainWordPieces(["The hug of a pug, the pun of a bun; hugs, Hugs, hugs!"], { maximumSize: 34 });
 * console.log(Object.keys(file.model.vocab).slice(27)); // [ '##ug', 'hug', 'hugs', 'of', 'th', '##un', 'the' ]
 * ```
 */
export async function trainWordPieces(texts: Texts, options: WordPieceOptions): Promise<TokenizerFile<WordPieceModel>> {
  const known = ["minimumCount", "maximumAlphabet", "lowercase", "prefix"];
  const specials = checkTrainOptions(options, known, "trainWordPieces", {
    pad: "[PAD]",
    unknown: "[UNK]",
    class: "[CLS]",
    separator: "[SEP]",
    mask: "[MASK]",
  });
  const unknown = requireSpecial(specials, "unknown", "[UNK]", "a word with a character that the texts lack");
  const minimumCount = checkCount(options.minimumCount, "minimumCount", 2);
  const maximumAlphabet = checkCount(options.maximumAlphabet, "maximumAlphabet", Infinity);
  const lowercase = checkFlag(options.lowercase, "lowercase", true);
  const prefix = checkPrefix(options.prefix);

  const pace = new Pace(options);
  const counts = await countWords(texts, specials, (text) => splitBert(text, lowercase), pace);
  const start = startOf(
    counts,
    specials.list.map(({ token }) => token),
    maximumAlphabet,
    prefix,
  );
  const alphabet = start.tokens.length - specials.list.length;
  checkRoom(
    options.maximumSize,
    specials.list.length,
    alphabet,
    `raise it, or set maximumAlphabet (${alphabet} counts each character with and without ${prefix})`,
  );
  const join = (left: string, right: string): string =>
    left + right.slice(right.startsWith(prefix) ? prefix.length : 0);
  const { tokens } = await mergePairs({ ...start, maximumSize: options.maximumSize, minimumCount, join }, pace);

  const pair: [string, number][] = [["class", 0], ["A", 0], ["separator", 0], ["B", 1], ["separator", 1]]; // prettier-ignore
  return tokenizerFile(
    specials,
    {
      normalizer: {
        type: "BertNormalizer",
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase,
      },
      pre_tokenizer: { type: "BertPreTokenizer" },
      post_processor: template(specials, ["class", "A", "separator"], pair),
      decoder: { type: "WordPiece", prefix, cleanup: true },
    },
    {
      type: "WordPiece",
      unk_token: unknown,
      continuing_subword_prefix: prefix,
      max_input_chars_per_word: 100,
      vocab: vocabularyOf(tokens),
    },
  );
}

/** The alphabet, its characters with the prefix, and the words that it can write in ids. */
function startOf(
  counts: ReadonlyMap<string, number>,
  special: readonly string[],
  maximumAlphabet: number,
  prefix: string,
): Pick<MergeStart, "tokens" | "words" | "counts"> {
  const alphabet = new Set(alphabetOf(counts, maximumAlphabet));
  const writable = [...counts]
    .map(([word, count]) => ({ characters: [...word], count }))
    .filter(({ characters }) => characters.every((character) => alphabet.has(character)));
  const inside = new Set(writable.flatMap(({ characters }) => characters.slice(1)));
  const tokens = [...new Set([...special, ...alphabet, ...[...inside].sort(byCodePoint).map((one) => prefix + one)])];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  return {
    tokens,
    words: writable.map(({ characters }) =>
      characters.map((character, at) => ids.get(at === 0 ? character : prefix + character)!),
    ),
    counts: writable.map(({ count }) => count),
  };
}

function checkPrefix(prefix: unknown = "##"): string {
  if (typeof prefix === "string" && prefix !== "") return prefix;
  throw new ConfigError(`prefix is one or more characters such as "##", got ${kindOf(prefix)}`, { key: "prefix" });
}
