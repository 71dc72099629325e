import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { fileBytes } from "./file-bytes.ts";
import { fileProblem } from "./file-problem.ts";
import { type CorpusManifest, manifestName, type ShardRecord } from "./manifest.ts";
import { parseManifest, printManifest } from "./parse-manifest.ts";
import { unfinished, writeAtomically } from "./write-atomically.ts";

/** Files of a process that was killed are removed when nobody has touched them for so many milliseconds. */
const abandonedAfter = 3_600_000;

/**
 * The folder of a corpus:
 *
 * ```text
 * manifest.json               how it was made, and the shards with their checksums
 * <identity>-00000.shard      the tokens
 * ```
 *
 * Each file appears whole or not at all. The name of a shard begins with what its tokens depend on, so two processes that make different corpora in one folder
 * never mix them: the manifest is that of one, and the other's shards go when it is complete.
 */
export class CacheFolder {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }

  pathOf(file: string): string {
    return join(this.path, file);
  }

  /** Makes the folder where there is none. */
  async make(): Promise<void> {
    await mkdir(this.path, { recursive: true }).catch((error: unknown) => {
      throw fileProblem(error, this.path, "write");
    });
  }

  /** The manifest; or that there is none, or that it is damaged. */
  async manifest(): Promise<CorpusManifest | "none" | "damaged"> {
    const path = this.pathOf(manifestName);
    try {
      return parseManifest(await readFile(path, "utf8")) ?? "damaged";
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return "none";
      throw fileProblem(error, path, "read");
    }
  }
  async writeManifest(manifest: CorpusManifest): Promise<void> {
    await writeAtomically(this.pathOf(manifestName), printManifest(manifest));
  }
  async forgetManifest(): Promise<void> {
    await rm(this.pathOf(manifestName), { force: true });
  }

  async writeShard(file: string, bytes: Uint8Array): Promise<void> {
    await writeAtomically(this.pathOf(file), bytes);
  }
  /** Is the shard there, as it was written? */
  async holds({ file, bytes, sha256 }: ShardRecord): Promise<boolean> {
    const path = this.pathOf(file);
    const size = await stat(path).then(
      (found) => found.size,
      () => undefined,
    );
    if (size !== bytes) return false;
    const hash = createHash("sha256");
    for await (const chunk of fileBytes(path).bytes()) hash.update(chunk);
    return hash.digest("hex") === sha256;
  }

  /** Removes the shards of other corpora, and what killed processes have left. */
  async clean(shards: readonly ShardRecord[]): Promise<void> {
    const kept = new Set(shards.map(({ file }) => file));
    for (const name of await readdir(this.path)) {
      const path = this.pathOf(name);
      const isOld = /^[0-9a-f]{16}-\d{5,}\.shard$/.test(name) && !kept.has(name);
      if (isOld || (name.endsWith(unfinished) && (await isAbandoned(path)))) await rm(path, { force: true });
    }
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  return await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > abandonedAfter,
    () => false,
  );
}
