import type { ShardCounts } from "../build/shard-writer.ts";
import type { Frame } from "../build/frame.ts";
import type { CorpusCounts } from "../read/counts.ts";
import type { DocumentRule, LabelRule } from "../sources/sources.ts";

/** A file of a source as it was when its tokens were made. */
export interface SourceRecord {
  /** The path as it was given. */
  readonly path: string;
  /** Its length as it lies on the disk, in bytes. */
  readonly bytes: number;
  readonly sha256: string;
}

/** What decides the tokens of a corpus: two that agree in all of it have the same. */
export interface CorpusIdentity {
  readonly versions: {
    /** Of the shards and of this file. */
    readonly format: number;
    /** Of the package `@tenon/tokenizers`. */
    readonly tokenizers: string;
    /** Of the tables of the JavaScript engine, which say what a letter is. */
    readonly unicode: string;
  };
  readonly sources: {
    readonly kind: "text" | "json" | "parallel";
    readonly documents?: DocumentRule;
    readonly fields?: readonly string[];
    readonly label?: LabelRule;
    readonly files: readonly SourceRecord[];
  };
  /** One for each of the texts of a document. */
  readonly tokenizers: readonly { readonly kind: string; readonly size: number; readonly sha256: string }[];
  readonly frame: Frame;
  readonly shardTokens: number;
}

/** A shard on the disk. */
export interface ShardRecord extends ShardCounts {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** manifest.json: how the tokens of a folder were made, and what they are. */
export interface CorpusManifest extends CorpusIdentity {
  /** Whether all shards are there. */
  readonly complete: boolean;
  readonly counts: CorpusCounts;
  readonly shards: readonly ShardRecord[];
}

export const manifestName = "manifest.json";

/** Blank documents behind the last shard: those that no shard counts. */
export const blankAtEndOf = ({ counts, shards }: CorpusManifest): number =>
  shards.reduce((left, { blank }) => left - blank, counts.blank);
