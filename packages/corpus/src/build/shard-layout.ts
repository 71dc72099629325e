/** What all shards of a corpus have in common. */
export interface ShardShape {
  /** Bytes of an id, for each of the texts of a document. */
  readonly widths: readonly (2 | 4)[];
  /** Whether each document has a label. */
  readonly labels: boolean;
}

/** How much a shard holds. */
export interface ShardSize {
  readonly documents: number;
  /** For each of the texts of a document. */
  readonly tokens: readonly number[];
}

/** Where the parts of a shard begin, in bytes. */
export interface ShardLayout {
  readonly ids: readonly number[];
  readonly offsets: readonly number[];
  readonly hashes: number;
  readonly labels: number;
  readonly bytes: number;
}

/**
 * The layout of a shard: for each text of a document the ids of all documents (u16 or u32, filled up to 4 bytes), then for each the places where documents
 * begin (u32, one more than there are documents), then the documents' hashes (u32) and their labels (f32), where they have some. All of it little-endian.
 */
export function layoutOf({ widths, labels }: ShardShape, { documents, tokens }: ShardSize): ShardLayout {
  let at = 0;
  const take = (bytes: number): number => {
    const start = at;
    at += Math.ceil(bytes / 4) * 4;
    return start;
  };
  const ids = widths.map((width, column) => take(width * tokens[column]!));
  const offsets = widths.map(() => take(4 * (documents + 1)));
  const hashes = take(4 * documents);
  return { ids, offsets, hashes, labels: take(labels ? 4 * documents : 0), bytes: at };
}

/** The narrowest ids that a vocabulary of this size needs. */
export const widthFor = (size: number): 2 | 4 => (size <= 2 ** 16 ? 2 : 4);
