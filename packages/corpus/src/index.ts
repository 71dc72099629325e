export { permutation } from "./batches/permutation.ts";
export { streamedBatches, type StreamedBatchesOptions } from "./batches/streamed-batches.ts";
export type { WindowBatch } from "./batches/window-batch.ts";
export { windowBatches, type WindowBatchesOptions } from "./batches/window-batches.ts";
export type { CorpusOptions, CorpusProgress } from "./build/corpus-options.ts";
export type { Frame, Mark } from "./build/frame.ts";
export { Corpus } from "./corpus.ts";
export { corpusInMemory } from "./corpus-in-memory.ts";
export type { CorpusCounts } from "./read/counts.ts";
export type { Documents, Pairs } from "./read/documents.ts";
export { readRecords, type TextRecord } from "./sources/read-records.ts";
export type { NamedBytes, SourceFile } from "./sources/source-file.ts";
export {
  type DocumentRule,
  jsonLines,
  type JsonOptions,
  type JsonSources,
  type LabelRule,
  type ParallelSources,
  parallelText,
  type Sources,
  textFiles,
  type TextSources,
} from "./sources/sources.ts";
export { joined } from "./split/joined.ts";
export { lastShare, type TokenSplit } from "./split/last-share.ts";
export { selectedDocuments, selectedPairs } from "./split/selected.ts";
export { type DocumentSplit, splitByHash } from "./split/split-by-hash.ts";
export type { TokenSource } from "./token-source.ts";
