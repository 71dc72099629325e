export type { WordLookup } from "./word-lookup.ts";
export { WordVectors, type WordVectorsOptions } from "./word-vectors.ts";
