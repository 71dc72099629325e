export { fileBytes } from "./node/file-bytes.ts";
export type { CorpusIdentity, CorpusManifest, ShardRecord, SourceRecord } from "./node/manifest.ts";
export { openCorpus, type OpenCorpusOptions, type OpenedCorpus } from "./node/open-corpus.ts";
