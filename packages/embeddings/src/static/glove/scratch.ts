/** Where {@link countCooccurrences} and {@link trainGlove} put what they have no memory for; `temporaryFiles` of `@tenon/embeddings/static/node` is one. */
export interface Scratch {
  /** A new, empty file. */
  create(): Promise<ScratchFile>;
}

/** Bytes that are written once and read often. */
export interface ScratchFile {
  /** Adds bytes at the end; they may be changed once the promise is kept. */
  append(bytes: Uint8Array): Promise<void>;
  /** Fills `bytes` with what begins at an offset; throws where the file ends before. */
  read(offset: number, bytes: Uint8Array): Promise<void>;
  /** Gives the room back. The file is not used afterwards. */
  remove(): Promise<void>;
}
