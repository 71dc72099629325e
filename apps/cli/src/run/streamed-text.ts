// A text that is never in memory as a whole: a worker makes its tokens, which stay in a folder and are read from there.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";

import { type DocumentRule, lastShare, readRecords, textFiles, type TokenSource } from "@tenon/corpus";
import { fileBytes, openCorpus, type OpenedCorpus } from "@tenon/corpus/node";
import type { Tokenizer } from "@tenon/tokenizers";

import { largestFile } from "../files/read-file.ts";
import { Interrupted, interruptible } from "../interrupt.ts";
import { count } from "../output/numbers.ts";
import { progress } from "../output/progress.ts";
import type { Session } from "../session.ts";
import { prepareFolder } from "./prepare-folder.ts";
import { heldOutShare } from "./tasks/held-out.ts";

/** A text on the disk, before it has become tokens. */
export interface StreamedText {
  readonly kind: "streamed";
  readonly path: string;
  /** Where its tokens are kept. */
  readonly tokens: string;
  readonly sha256: string;
}

/** Its tokens, from which batches are read. */
export interface StreamedTokens {
  readonly kind: "tokens";
  readonly training: TokenSource;
  readonly heldOut: TokenSource;
  readonly sha256: string;
  /** Closes the files. */
  close(): Promise<void>;
}

/** Characters in a stretch of a text that has no documents. */
const stretch = 1_000_000;
/** Of so many characters a tokenizer is learned: more of the text hardly changes it. */
const sampleLength = 50_000_000;

/** Whether a file, once unpacked, is more than can be read at once. One that cannot be opened is not: who reads it says why. */
export async function isLarge(path: string): Promise<boolean> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { size } = await file.stat();
    if (size < 18) return false;
    const { buffer: magic } = await file.read(new Uint8Array(2), 0, 2, 0);
    if (magic[0] !== 0x1f || magic[1] !== 0x8b) return size > largestFile;
    // A gzip file ends with the length of what it holds, modulo 4 GiB.
    const { buffer } = await file.read(new DataView(new ArrayBuffer(4)), 0, 4, size - 4);
    return size > largestFile || buffer.getUint32(0, true) > largestFile;
  } catch {
    return false; // a folder
  } finally {
    await file.close();
  }
}

/** Makes sure of what the file holds, by reading it once. */
export async function streamedText(path: string, tokens: string): Promise<StreamedText> {
  // Says what is wrong with the path, or with the first of its text.
  for await (const _ of readRecords(textFiles([fileBytes(path)], { stretch: 1 }))) break;
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path)) hash.update(bytes as Uint8Array);
  return { kind: "streamed", path, tokens, sha256: hash.digest("hex") };
}

/**
 * The beginning of the text: what a tokenizer is learned from.
 *
 * @yields piece after piece
 */
export async function* sampleOf({ path }: StreamedText): AsyncGenerator<string> {
  let length = 0;
  for await (const { texts } of readRecords(textFiles([fileBytes(path)], { stretch }))) {
    yield texts[0]!;
    length += texts[0]!.length;
    if (length >= sampleLength) return;
  }
}

/**
 * Makes the tokens of a text, or finds them in their folder, and holds out the last tenth. An end token, where the tokenizer has one and a separator is given, stands before each document.
 * Throws {@link Interrupted} at Ctrl-C: what is done by then is used the next time.
 */
export async function tokensOf(
  { path, tokens: folder, sha256 }: StreamedText,
  separator: string | undefined,
  tokenizer: Tokenizer,
  { stderr }: Session,
): Promise<StreamedTokens> {
  await prepareFolder(folder);
  const documents: DocumentRule = separator === undefined ? { stretch } : { separator };
  const bar = progress(stderr, 100);
  let opened: OpenedCorpus | undefined;
  try {
    return await interruptible(async (signal) => {
      opened = await openCorpus({
        folder,
        // By the path that stays right elsewhere: the corpus is known by it, too.
        sources: textFiles([resolve(path)], documents),
        tokenizer,
        frame: separator === undefined ? {} : { begin: "end" },
        signal,
        onProgress: ({ bytes, totalBytes, tokensPerSecond }) => {
          const share = totalBytes === undefined ? 0 : Math.floor((100 * bytes) / totalBytes);
          void bar.update(share, `% of the text as tokens  ${count(Math.round(tokensPerSecond))} tokens/s`);
        },
      });
      const { corpus } = opened;
      const parts = lastShare(await corpus.tokens(), heldOutShare);
      return { kind: "tokens", ...parts, sha256, close: () => corpus.close() };
    });
  } catch (error) {
    await opened?.corpus.close();
    if ((error as Error).name !== "AbortError") throw error;
    throw new Interrupted(
      `Stopped before the first step. The tokens that are made stay in ${folder}: the same command goes on with them.`,
    );
  } finally {
    bar.stop();
  }
}
