import { countWords } from "./count-words.ts";
import { mergePairs } from "./merges/merge-pairs.ts";
import { Pace } from "./pace.ts";
import { byteCharacters, splitByteLevel, toByteCharacters } from "./text/byte-level.ts";
import { type BytePairModel, template, type TokenizerFile, tokenizerFile, vocabularyOf } from "./tokenizer-file.ts";
import { checkFlag, checkRoom, checkTrainOptions, checkCount, type Texts, type TrainOptions } from "./train-options.ts";

/** What {@link trainBytePairs} takes. */
export interface BytePairOptions extends TrainOptions {
  /** A pair that occurs fewer times is not merged; 2 by default. */
  readonly minimumCount?: number | undefined;
  /** Begin each text with a space, so that its first word is the same token as elsewhere; false by default, as in GPT-2. */
  readonly prefixSpace?: boolean | undefined;
}

/**
 * Trains byte-level byte-pair encoding, the tokenizer of GPT-2 and its descendants, and gives its `tokenizer.json`.
 *
 * A text is cut into words (see GPT-2's rule: the space belongs to the word after it), a word into the bytes of its UTF-8. Then the pair
 * of neighbours that occurs most often, max over (x, y) of Σ count(word) · occurrences of xy in word, becomes one token, until the
 * vocabulary is full or no pair occurs `minimumCount` times. All 256 bytes are tokens, so no text is unknown, and
 * `decode(encode(text)) === text`.
 *
 * Merges and ids equal those of the Python library's `BpeTrainer` with a `ByteLevel` pre-tokenizer and its alphabet; equally frequent
 * pairs are taken in the order of their ids. They do not depend on the order of the texts. The text of a special token is not trained on.
 *
 * `special` is `{ end: "<|endoftext|>" }` by default; its tokens have the ids from 0 on, then come the bytes, then the merges.
 *
 * Throws `ConfigError` for options that it does not know or that are out of range, special tokens that repeat, a `maximumSize` below 256
 * and the special tokens, texts without a word, and something else than a string among the texts; `signal.reason` when aborted.
 *
 * Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words with Subword Units"; for bytes, Radford et al. 2019,
 * "Language Models are Unsupervised Multitask Learners".
 *
 * @example
 * ```ts
 * const texts = ["low low low low low", "lower lower", "newest newest newest newest newest newest", "widest widest widest"];
 * const file = await trainBytePairs(texts, { maximumSize: 261 });
 * console.log(file.model.merges.map(([left, right]) => `${left} ${right}`)); // [ 'e s', 'es t', 'l o', 'lo w' ]
 * console.log(file.model.vocab["est"]); // 258
 * ```
 */
export async function trainBytePairs(texts: Texts, options: BytePairOptions): Promise<TokenizerFile<BytePairModel>> {
  const specials = checkTrainOptions(options, ["minimumCount", "prefixSpace"], "trainBytePairs", {
    end: "<|endoftext|>",
  });
  const minimumCount = checkCount(options.minimumCount, "minimumCount", 2);
  const prefixSpace = checkFlag(options.prefixSpace, "prefixSpace", false);
  checkRoom(options.maximumSize, specials.list.length, byteCharacters.length, "raise it");

  const pace = new Pace(options);
  const counts = await countWords(texts, specials, (text) => splitByteLevel(text, prefixSpace), pace);

  // Ids are in the order of the characters that stand for the bytes, as the reference has it.
  const alphabet = byteCharacters.toSorted();
  const tokens = [...specials.list.map(({ token }) => token), ...alphabet];
  const ids = new Map(alphabet.map((character, index) => [character, specials.list.length + index]));
  const { tokens: vocabulary, merges } = await mergePairs(
    {
      tokens,
      words: Array.from(counts.keys(), (word) => Array.from(toByteCharacters(word), (byte) => ids.get(byte)!)),
      counts: [...counts.values()],
      maximumSize: options.maximumSize,
      minimumCount,
      join: (left, right) => left + right,
    },
    pace,
  );

  const byteLevel = { type: "ByteLevel", add_prefix_space: prefixSpace, trim_offsets: false, use_regex: true };
  return tokenizerFile(
    specials,
    {
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: template(
        specials,
        ["A"],
        [
          ["A", 0],
          ["B", 1],
        ],
      ),
      decoder: byteLevel,
    },
    {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: vocabularyOf(vocabulary),
      merges,
    },
  );
}
