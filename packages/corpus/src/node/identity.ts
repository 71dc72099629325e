import { createHash } from "node:crypto";
import { createRequire } from "node:module";

import type { Frame } from "../build/frame.ts";
import type { Sources } from "../sources/sources.ts";
import { fileBytes } from "./file-bytes.ts";
import type { CorpusIdentity, SourceRecord } from "./manifest.ts";

/** What travels to the worker: all that decides the tokens, as plain data. */
export interface Job {
  readonly folder: string;
  readonly sources: Sources;
  /** The tokenizers as JSON texts. */
  readonly tokenizers: readonly string[];
  readonly frame: Frame;
  readonly shardTokens: number;
}

/** Of the shards and the manifest; it grows when either changes its form, or the readers what they make of a file. */
const format = 1;

/** Reads all sources once, and says what decides the tokens. */
export async function identityOf(
  job: Job,
  loaded: readonly { readonly kind: string; readonly size: number }[],
): Promise<CorpusIdentity> {
  const { sources, tokenizers, frame, shardTokens } = job;
  const files: SourceRecord[] = [];
  for (const path of pathsOf(sources)) files.push(await recordOf(path));
  return {
    versions: { format, tokenizers: tokenizersVersion(), unicode: process.versions["unicode"] ?? "unknown" },
    sources: { ...plain(sources), files },
    tokenizers: loaded.map(({ kind, size }, column) => ({ kind, size, sha256: sha256(tokenizers[column]!) })),
    frame: {
      ...(frame.begin !== undefined && { begin: frame.begin }),
      ...(frame.end !== undefined && { end: frame.end }),
    },
    shardTokens,
  };
}

function plain(sources: Sources): Omit<CorpusIdentity["sources"], "files"> {
  switch (sources.kind) {
    case "text":
      return { kind: "text", documents: sources.documents };
    case "json":
      return { kind: "json", fields: sources.fields, ...(sources.label !== undefined && { label: sources.label }) };
    case "parallel":
      return { kind: "parallel" };
  }
}

/** The paths of all files, in the order in which they are read. */
export function pathsOf(sources: Sources): string[] {
  return (sources.kind === "parallel" ? sources.files.flat() : sources.files) as string[];
}

async function recordOf(path: string): Promise<SourceRecord> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of fileBytes(path).bytes()) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { path, bytes, sha256: hash.digest("hex") };
}

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** A name for an identity: the shards of two that differ lie side by side. */
export const keyOf = (identity: CorpusIdentity): string => sha256(sorted(identity)).slice(0, 16);

/** The same text for the same content, whatever the order of its keys. */
export function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function tokenizersVersion(): string {
  const { version } = createRequire(import.meta.url)("@tenon/tokenizers/package.json") as { version: string };
  return version;
}
