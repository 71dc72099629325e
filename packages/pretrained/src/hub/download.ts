import { CheckpointError } from "@tenon/tensor";

import { ask, type Connection, Interrupted, unreachable } from "./connection.ts";
import type { RemoteFile } from "./listing.ts";
import { type Patience, wait } from "./patience.ts";
import type { PartialFile } from "./store.ts";

/** How far the download of one file is. */
export interface DownloadProgress {
  /** The file's path in the model. */
  readonly file: string;
  /** Bytes that are here, those of an earlier download that was cut included. */
  readonly loaded: number;
  readonly total: number;
}

/** What is downloaded, and how. */
export interface DownloadOptions {
  readonly connection: Connection;
  readonly commit: string;
  readonly patience: Patience;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Downloads what is missing of a file, and checks the whole. A connection that is cut, or silent, is taken up where it ended. The address holds the commit, and the
 * sum of the content is known beforehand, so what is there and what comes belong together, without the header If-Range, for which a browser would have to ask
 * every host first.
 *
 * Throws `CheckpointError` when no bytes come any more (what is there stays), when more come than the Hub lists, and when their sum is wrong (what is there is
 * removed then).
 */
export async function download(file: RemoteFile, partial: PartialFile, options: DownloadOptions): Promise<void> {
  const { connection, patience } = options;
  if (partial.size > file.size) await wrongContent(file, partial, connection, `has more than ${file.size} bytes`);
  for (let failures = 0; partial.size < file.size;) {
    const before = partial.size;
    try {
      await receive(file, partial, options);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      failures = partial.size > before ? 0 : failures + 1;
      if (failures >= patience.tries) throw unreachable(connection, error);
      await wait(Math.max(error.wait ?? 0, patience.pause * 2 ** failures), connection.signal);
    }
  }
  const sum = file.sha256 ?? file.gitSum;
  const got = await partial.sum(file.sha256 === undefined ? "git" : "sha256");
  if (got !== sum) await wrongContent(file, partial, connection, `has the sum ${got}, where ${sum} is expected`);
}

/** One answer of the Hub, until it ends, is cut, or nothing comes for a while. */
async function receive(file: RemoteFile, partial: PartialFile, options: DownloadOptions): Promise<void> {
  const { connection, commit, patience, onProgress } = options;
  const { endpoint, repository, signal } = connection;
  const silent = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silent.abort(), patience.silence);
  };
  try {
    heard();
    const path = file.path.split("/").map(encodeURIComponent).join("/");
    const response = await ask(connection, `${endpoint}/${repository}/resolve/${commit}/${path}`, {
      headers: partial.size > 0 ? { range: `bytes=${partial.size}-` } : {},
      signal: AbortSignal.any([silent.signal, ...(signal === undefined ? [] : [signal])]),
    });
    // Who does not know pieces sends the whole: what is here already is skipped.
    let skip = response.status === 206 ? skippedOf(response, partial.size) : partial.size;
    for await (const chunk of piecesOf(response, connection)) {
      heard();
      const bytes = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - bytes.length;
      if (partial.size + bytes.length > file.size)
        await wrongContent(file, partial, connection, `has more than ${file.size} bytes`);
      if (bytes.length === 0) continue;
      await partial.append(bytes);
      onProgress?.({ file: file.path, loaded: partial.size, total: file.size });
    }
    if (partial.size < file.size)
      throw new Interrupted(`${file.path} ended after ${partial.size} of ${file.size} bytes`);
  } catch (error) {
    if (!silent.signal.aborted || !(error instanceof Interrupted)) throw error;
    throw new Interrupted(`nothing came for ${patience.silence / 1000} seconds`, undefined, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

// The pieces of an answer as they come. Throws Interrupted when it is cut.
async function* piecesOf({ body }: Response, { signal }: Connection): AsyncGenerator<Uint8Array, void> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        signal?.throwIfAborted();
        throw new Interrupted("the connection was cut", undefined, { cause });
      });
      if (done) return;
      yield value;
    }
  } finally {
    // Whatever ended it, nothing more is wanted.
    await reader.cancel().catch(() => undefined);
  }
}

/** How many bytes of a piece are here already: the answer may begin earlier than was asked for, but not later. */
function skippedOf(response: Response, size: number): number {
  const range = response.headers.get("content-range");
  // A page sees this header only where the host allows it. A wrong piece shows in the sum.
  if (range === null) return 0;
  const begin = Number(/^bytes (\d+)-/.exec(range)?.[1] ?? NaN);
  if (begin <= size) return size - begin;
  throw new Interrupted(`the answer has another part than was asked for (${range})`);
}

async function wrongContent(
  { path }: RemoteFile,
  partial: PartialFile,
  { repository, endpoint }: Connection,
  what: string,
): Promise<never> {
  await partial.discard();
  throw new CheckpointError(
    `${path} of ${repository} is damaged: what came from ${endpoint} ${what}. It was deleted; load the model again to download it anew.`,
    { repository, file: path },
  );
}
