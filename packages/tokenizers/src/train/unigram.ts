import { alphabetOf } from "./alphabet.ts";
import { countWords } from "./count-words.ts";
import { Pace } from "./pace.ts";
import { metaspace, splitMetaspace } from "./text/metaspace.ts";
import { template, type TokenizerFile, tokenizerFile, type UnigramModel } from "./tokenizer-file.ts";
import {
  checkFlag,
  checkRoom,
  checkTrainOptions,
  checkCount,
  requireSpecial,
  type Texts,
  type TrainOptions,
} from "./train-options.ts";
import { estimatePieces } from "./unigram/estimate-pieces.ts";
import { seedPieces } from "./unigram/seeds.ts";

/** What {@link trainUnigram} takes. */
export interface UnigramOptions extends TrainOptions {
  /** The most characters in the alphabet; any other becomes `special.unknown`. No limit by default. */
  readonly maximumAlphabet?: number | undefined;
  /** The most characters in a piece; 16 by default. */
  readonly maximumPieceLength?: number | undefined;
  /** Ignore case; false by default. */
  readonly lowercase?: boolean | undefined;
}

/**
 * Trains a unigram language model of pieces, the tokenizer of T5, ALBERT and XLNet, and gives its `tokenizer.json`.
 *
 * A text is normalised as SentencePiece does it (NFKC, one space for each run of white space, none at the ends), and a word keeps the
 * space before it as `▁`. Pieces are drawn independently, so a way x to write a word has p(x) = Π p(piece), and a word the sum over all ways.
 * Training begins with frequent substrings of words, raises Σ count(word) · log p(word) by expectation maximisation, and removes the
 * pieces whose removal costs the least likelihood, a quarter at a time; characters stay. An encoder takes the most probable way.
 *
 * The method is the published one. The Python library's `UnigramTrainer` adds a prior to EM, counts its first substrings once per distinct
 * word, and takes the last pieces by probability instead of by loss, so its pieces differ in part.
 *
 * `special` is `{ pad: "<pad>", end: "</s>", unknown: "<unk>" }` by default. `unknown` must be there; `begin` goes before each text and `end`
 * after it, if they are there. The text of a special token is not trained on.
 *
 * Throws `ConfigError` for options that it does not know or that are out of range, special tokens that repeat, a `maximumSize` with no room for
 * special tokens and alphabet, texts without a word, and something else than a string among the texts; `signal.reason` when aborted.
 *
 * Kudo 2018, "Subword Regularization: Improving Neural Network Translation Models with Multiple Subword Candidates".
 *
 * @example
 * ```ts
 * const file = await trainUnigram(["hugs and hugs, pugs and pugs, and a bug that hugs a pug"], { maximumSize: 21 });
 * console.log(file.model.vocab.slice(3, 6).map(([piece]) => piece)); // [ '▁hugs', '▁and', '▁' ]
 * ```
 */
export async function trainUnigram(texts: Texts, options: UnigramOptions): Promise<TokenizerFile<UnigramModel>> {
  const known = ["maximumAlphabet", "maximumPieceLength", "lowercase"];
  const specials = checkTrainOptions(options, known, "trainUnigram", { pad: "<pad>", end: "</s>", unknown: "<unk>" });
  const unknown = requireSpecial(specials, "unknown", "<unk>", "a character that the texts lack");
  const maximumAlphabet = checkCount(options.maximumAlphabet, "maximumAlphabet", Infinity);
  const maximumPieceLength = checkCount(options.maximumPieceLength, "maximumPieceLength", 16);
  const lowercase = checkFlag(options.lowercase, "lowercase", false);

  const pace = new Pace(options);
  const special = specials.list.map(({ token }) => token);
  const counts = await countWords(texts, specials, (text) => splitMetaspace(text, lowercase), pace);
  const alphabet = alphabetOf(counts, maximumAlphabet);
  checkRoom(options.maximumSize, special.length, alphabet.length, "raise it, or set maximumAlphabet");

  const words = writable(counts, new Set(alphabet));
  const seeds = (await seedPieces(words, maximumPieceLength, pace)).filter((piece) => !special.includes(piece));
  const start = { words, seeds, characters: alphabet.length, maximumPieceLength };
  const pieces = await estimatePieces(start, options.maximumSize - special.length, pace);

  const normalizers = [
    { type: "NFKC" },
    ...(lowercase ? [{ type: "Lowercase" }] : []),
    { type: "Replace", pattern: { Regex: "\\p{White_Space}+" }, content: " " },
    // Not `Strip`: the libraries differ in what they strip.
    { type: "Replace", pattern: { Regex: "^ | $" }, content: "" },
  ];
  const spaces = { type: "Metaspace", replacement: metaspace, prepend_scheme: "always", split: true };
  const pair: [string, number][] = [["begin", 0], ["A", 0], ["end", 0], ["B", 0], ["end", 0]]; // prettier-ignore
  return tokenizerFile(
    specials,
    {
      normalizer: { type: "Sequence", normalizers },
      pre_tokenizer: spaces,
      post_processor: template(specials, ["begin", "A", "end"], pair),
      decoder: spaces,
    },
    {
      type: "Unigram",
      unk_id: special.indexOf(unknown),
      vocab: [...special.map((token): [string, number] => [token, 0]), ...pieces],
      byte_fallback: false,
    },
  );
}

/**
 * The words cut at characters outside of the alphabet, as an encoder cuts them; sorted, since sums of floating-point numbers depend on the
 * order of the terms.
 */
function writable(counts: ReadonlyMap<string, number>, alphabet: ReadonlySet<string>): Map<string, number> {
  const parts = new Map<string, number>();
  for (const [word, count] of counts) {
    let part = "";
    const end = (): void => {
      if (part !== "") parts.set(part, (parts.get(part) ?? 0) + count);
      part = "";
    };
    for (const character of word) {
      if (alphabet.has(character)) part += character;
      else end();
    }
    end();
  }
  return new Map([...parts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
