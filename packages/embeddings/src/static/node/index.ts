export type { WordVectors } from "../word-vectors.ts";
export { readFastText, writeFastText } from "./fasttext/files.ts";
