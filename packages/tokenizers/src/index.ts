export { byteTokenizer, type ByteOptions } from "./byte.ts";
export { characterTokenizer, type CharacterOptions } from "./character.ts";
export type { Encoding, EncodingOptions } from "./hugging-face/encoding.ts";
export { huggingFaceTokenizer, type HuggingFaceTokenizer } from "./hugging-face/hugging-face-tokenizer.ts";
export type { HuggingFaceJson } from "./hugging-face/json.ts";
export { loadTokenizer } from "./load.ts";
export type { SpecialTokens } from "./special.ts";
export { tokenPieces } from "./token-pieces.ts";
export type { TokenDecoder, Tokenizer, TokenizerJson } from "./tokenizer.ts";
export { wordTokenizer, type WordOptions } from "./word.ts";
export type { WordLimits } from "./word-vocabulary.ts";
export { trainBytePairs, type BytePairOptions } from "./train/byte-pairs.ts";
export type {
  AddedToken,
  BytePairModel,
  TokenizerFile,
  TokenizerModel,
  TokenizerStep,
  UnigramModel,
  WordPieceModel,
} from "./train/tokenizer-file.ts";
export type { Texts, TrainingControl, TrainingProgress, TrainOptions } from "./train/train-options.ts";
export { trainUnigram, type UnigramOptions } from "./train/unigram.ts";
export { trainWordPieces, type WordPieceOptions } from "./train/word-pieces.ts";
