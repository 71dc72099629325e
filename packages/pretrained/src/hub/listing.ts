/** A file on the Hub, as a commit lists it. */
export interface RemoteFile {
  readonly path: string;
  readonly size: number;
  /** The sum by which git knows it: SHA-1 over `blob <size>\0` and the content, or over a pointer to it where it is large. */
  readonly gitSum: string;
  /** The SHA-256 of the content, where it is large. */
  readonly sha256: string | undefined;
  readonly xetHash: string | undefined;
}

/** The files of a commit, by their paths. A commit never changes, and so neither does its listing. */
export type Listing = ReadonlyMap<string, RemoteFile>;

/** The sum of the content, by which it is checked, and named in the cache, as the Python library does. */
export function sumOf({ sha256, gitSum }: RemoteFile): string {
  return sha256 ?? gitSum;
}

/** A listing as the Python library keeps it in `trees/<commit>.json` of its cache. */
export function printListing(listing: Listing): string {
  const files = [...listing.values()].map(({ path, size, gitSum, sha256, xetHash }) => [
    path,
    {
      size,
      blob_id: gitSum,
      ...(sha256 !== undefined && { lfs_sha256: sha256, lfs_size: size }),
      ...(xetHash !== undefined && { xet_hash: xetHash }),
    },
  ]);
  return JSON.stringify({ format_version: 1, files: Object.fromEntries(files) as object }, undefined, 1);
}

/** Reads what {@link printListing} and the Python library write. Undefined for anything else: it is asked for again then. */
export function parseListing(text: string): Listing | undefined {
  try {
    const { format_version, files } = JSON.parse(text) as Partial<{ format_version: number; files: object }>;
    if (format_version !== 1 || typeof files !== "object") return undefined;
    const listed = Object.entries(files as Record<string, Record<string, unknown>>).map(([path, file]) =>
      remoteFile(path, file["lfs_size"] ?? file["size"], file["blob_id"], file["lfs_sha256"], file["xet_hash"]),
    );
    return listed.includes(undefined) ? undefined : new Map(listed.map((file) => [file!.path, file!]));
  } catch {
    return undefined;
  }
}

/** A file whose size and sums are what they must be; undefined when they are not. A sum becomes the name of a file, so it must be one. */
export function remoteFile(
  path: string,
  size: unknown,
  gitSum: unknown,
  sha256: unknown,
  xetHash: unknown,
): RemoteFile | undefined {
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (typeof gitSum !== "string" || !/^[0-9a-f]{40}$/.test(gitSum)) return undefined;
  if (sha256 !== undefined && !(typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256))) return undefined;
  return { path, size, gitSum, sha256, xetHash: typeof xetHash === "string" ? xetHash : undefined };
}
