/** Named contents in a browser's storage: what the origin private file system and the Cache API have in common. */
export interface Shelf {
  /** What it is called in messages. */
  readonly name: string;
  /** Undefined when there is none of this name. */
  get(key: string): Promise<Blob | undefined>;
  /** Puts a content there, whole or not at all. */
  put(key: string, content: Uint8Array | string): Promise<void>;
  /** Removes one; nothing happens when it is not there. */
  delete(key: string): Promise<void>;
}
