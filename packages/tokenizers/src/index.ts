export { byteTokenizer, type ByteOptions } from "./byte.ts";
export { characterTokenizer, type CharacterOptions } from "./character.ts";
export { loadTokenizer } from "./load.ts";
export type { SpecialTokens } from "./special.ts";
export { tokenPieces } from "./token-pieces.ts";
export type { TokenDecoder, Tokenizer, TokenizerJson } from "./tokenizer.ts";
export { wordTokenizer, type WordOptions } from "./word.ts";
export type { WordLimits } from "./word-vocabulary.ts";
