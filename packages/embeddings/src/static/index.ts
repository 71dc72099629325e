export { type AnalogySection, parseAnalogies } from "./evaluation/analogy-set.ts";
export {
  type AnalogyOptions,
  type AnalogyScore,
  type AnalogyScores,
  evaluateAnalogies,
} from "./evaluation/evaluate-analogies.ts";
export {
  evaluateSimilarities,
  type SimilarityOptions,
  type SimilarityScores,
} from "./evaluation/evaluate-similarities.ts";
export type { KnownWordsOptions } from "./evaluation/known-words.ts";
export { type JudgedPair, parseSimilarities } from "./evaluation/similarity-set.ts";
export { encodeVectors, type EncodeVectorsOptions } from "./files/encode-vectors.ts";
export { type VectorFormat, vectorFormats } from "./files/formats.ts";
export { type ReadVectors, readVectors, type ReadVectorsOptions } from "./files/read-vectors.ts";
export { type Damage, describeRepairs, type Repairs } from "./files/repairs.ts";
export type { VectorSource } from "./files/vector-bytes.ts";
export { oddOneOut, similarity } from "./queries/similarity.ts";
export { type SentenceVectorOptions, sentenceSimilarity, sentenceVectors } from "./queries/sentences.ts";
export { type Analogy, type Neighbour, WordQueries, type WordQueryOptions } from "./queries/word-queries.ts";
export type { WordLookup } from "./word-lookup.ts";
export { WordVectors, type WordVectorsOptions } from "./word-vectors.ts";
export { FastTextDictionary, type FastTextDictionaryOptions } from "./fasttext/dictionary.ts";
export { FastText, type FastTextOptions, type Prediction, type PredictOptions } from "./fasttext/fasttext.ts";
export { loadFastText } from "./fasttext/file/load.ts";
export { serializeFastText } from "./fasttext/file/serialize.ts";
export { type ClassifierLoss, oneVsAll } from "./fasttext/training/classifier-loss.ts";
export {
  type CharacterNgrams,
  type FastTextContext,
  type FastTextVectorsOptions,
  trainFastText,
  type TrainedFastText,
} from "./fasttext/training/train.ts";
export {
  type ClassifierNgrams,
  type FastTextClassifierOptions,
  type LabelledVocabulary,
  trainFastTextClassifier,
} from "./fasttext/training/train-classifier.ts";
export { DenseMatrix, type RowMatrix } from "./fasttext/matrix.ts";
export type { FastTextLoss, FastTextSettings, FastTextTask, FastTextTrainingSettings } from "./fasttext/settings.ts";
export type { SubwordSettings } from "./fasttext/subwords.ts";
export type { CheckpointStore, TrainingCheckpoint } from "./training/checkpoint.ts";
export type { TrainingOptions, TrainingReport } from "./training/run.ts";
export type { TrainingProgress } from "./training/tally.ts";
export type { Text } from "./training/text.ts";
export { joinPhrases, type PhraseOptions } from "./vocabulary/phrases.ts";
export type { VocabularyOptions } from "./vocabulary/vocabulary.ts";
export { hierarchicalSoftmax, negativeSampling, type OutputLoss, softmax } from "./word2vec/losses.ts";
export { trainWord2Vec, type Word2Vec, type Word2VecOptions } from "./word2vec/train.ts";
export type { CooccurrenceBlock, Cooccurrences } from "./glove/counting/cooccurrences.ts";
export { countCooccurrences, type CountCooccurrencesOptions } from "./glove/counting/count-cooccurrences.ts";
export type { WindowOptions } from "./glove/counting/window-counter.ts";
export type { Glove, GloveReport } from "./glove/glove.ts";
export type {
  GloveObjective,
  GloveOptions,
  GloveProgress,
  GloveStorage,
  GloveTrainingOptions,
  GloveVectorsOptions,
} from "./glove/glove-options.ts";
export type { Scratch, ScratchFile } from "./glove/scratch.ts";
export { trainGlove, type TrainGloveOptions } from "./glove/train-glove.ts";
export { type CooccurrenceTrainingOptions, trainOnCooccurrences } from "./glove/train-on-cooccurrences.ts";
export type { GloveVocabulary } from "./glove/training/train-on-pairs.ts";
export type { VectorsKind } from "./glove/training/parameters.ts";
export type { Weighting } from "./glove/weighting.ts";
