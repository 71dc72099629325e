export type { WordLookup } from "./word-lookup.ts";
export { WordVectors, type WordVectorsOptions } from "./word-vectors.ts";
export { FastTextDictionary, type FastTextDictionaryOptions } from "./fasttext/dictionary.ts";
export { FastText, type FastTextOptions, type Prediction, type PredictOptions } from "./fasttext/fasttext.ts";
export { loadFastText } from "./fasttext/file/load.ts";
export { serializeFastText } from "./fasttext/file/serialize.ts";
export { DenseMatrix, type RowMatrix } from "./fasttext/matrix.ts";
export type { FastTextLoss, FastTextSettings, FastTextTask, FastTextTrainingSettings } from "./fasttext/settings.ts";
export type { SubwordSettings } from "./fasttext/subwords.ts";
