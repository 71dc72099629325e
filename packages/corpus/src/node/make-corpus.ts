import { createHash } from "node:crypto";

import { ConfigError, isTenonError } from "@tenon/tensor";
import { loadTokenizer, type Tokenizer } from "@tenon/tokenizers";

import { buildShards } from "../build/build-shards.ts";
import { type CorpusProgress, type Recipe, recipeOf } from "../build/corpus-options.ts";
import { Pace } from "../build/pace.ts";
import { countsOf } from "../read/counts.ts";
import { readRecords } from "../sources/read-records.ts";
import type { NamedBytes, SourceFile } from "../sources/source-file.ts";
import { CacheFolder } from "./cache-folder.ts";
import { difference } from "./difference.ts";
import { fileBytes } from "./file-bytes.ts";
import { identityOf, type Job, keyOf, sha256 } from "./identity.ts";
import { blankAtEndOf, type CorpusIdentity, type CorpusManifest, type ShardRecord } from "./manifest.ts";

/** What is told while a corpus is made, in this order: once `opened`, then shards in order with progress between, at last `whole`. */
export type Report =
  | { readonly kind: "opened"; readonly why: string }
  | { readonly kind: "shard"; readonly shard: ShardRecord }
  | { readonly kind: "progress"; readonly progress: CorpusProgress }
  | { readonly kind: "whole"; readonly manifest: CorpusManifest };

/** Makes a corpus in its folder, or what is missing of it. */
export async function makeCorpus(job: Job, report: (report: Report) => void): Promise<void> {
  const recipe = recipeOf("openCorpus", { ...job, tokenizer: loadedTokenizers(job) });
  const folder = new CacheFolder(job.folder);
  await folder.make();
  const identity = await identityOf(job, recipe.tokenizers);
  const { old, good, why } = await whatIsThere(folder, identity);
  report({ kind: "opened", why });
  if (old?.complete === true && good.every((each) => each)) {
    for (const shard of old.shards) report({ kind: "shard", shard });
    report({ kind: "whole", manifest: old });
    return;
  }
  const manifest = await build(folder, identity, recipe, old, good, report);
  await folder.clean(manifest.shards);
  report({ kind: "whole", manifest });
}

function loadedTokenizers({ tokenizers }: Job): readonly [Tokenizer, Tokenizer] | Tokenizer {
  const load = (json: string): Tokenizer => {
    try {
      return loadTokenizer(JSON.parse(json));
    } catch (error) {
      if (!isTenonError(error)) throw error;
      throw new ConfigError(
        `openCorpus: the worker cannot make the tokenizer again from its JSON (${error.message}). With a tokenizer of your own, use corpusInMemory.`,
        error.fields,
        { cause: error },
      );
    }
  };
  const [first, second] = tokenizers.map(load);
  return second === undefined ? first! : [first!, second];
}

interface Found {
  /** The manifest, if what it describes is what is asked for. */
  readonly old: CorpusManifest | undefined;
  /** Which of its shards can be used. */
  readonly good: readonly boolean[];
  readonly why: string;
}

async function whatIsThere(folder: CacheFolder, identity: CorpusIdentity): Promise<Found> {
  const anew = (why: string): Found => ({ old: undefined, good: [], why });
  const old = await folder.manifest();
  if (old === "none") return anew("the corpus is made: the folder had none");
  if (old === "damaged") return anew("the corpus is made anew: its manifest was damaged or edited");
  const differs = difference(old, identity);
  if (differs !== undefined) return anew(`the corpus is made anew: ${differs}`);
  const good: boolean[] = [];
  for (const shard of old.shards) good.push(await folder.holds(shard));
  const damaged = good.flatMap((isGood, index) => (isGood ? [] : [index]));
  const damage =
    damaged.length === 0 ? "" : `, but shards ${damaged.join(", ")} were damaged or gone and are made again`;
  const state = old.complete
    ? "the corpus of the folder is used"
    : `the corpus of the folder was not finished: its ${old.shards.length} shards are used`;
  return { old, good, why: state + damage };
}

async function build(
  folder: CacheFolder,
  identity: CorpusIdentity,
  { sources, encoders, shape, shardTokens }: Recipe,
  old: CorpusManifest | undefined,
  good: readonly boolean[],
  report: (report: Report) => void,
): Promise<CorpusManifest> {
  const key = keyOf(identity);
  const totalBytes = identity.sources.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const pace = new Pace((progress) => report({ kind: "progress", progress }), totalBytes);
  const shards: ShardRecord[] = [];
  const manifestOf = (complete: boolean, blankAtEnd: number): CorpusManifest => {
    // Later shards that are there already are not forgotten while an earlier one is made again.
    const all = [...shards, ...(old?.shards.slice(shards.length) ?? [])];
    return { ...identity, complete, counts: countsOf(all, blankAtEnd, shape.widths.length), shards: all };
  };
  let made = 0;
  const plan = {
    records: readRecords(sources, checkedFiles(identity, folder, pace)),
    encoders,
    shape,
    shardTokens,
    shards: old?.complete === true ? old.shards.length : undefined,
  };
  const { blankAtEnd } = await buildShards(plan, {
    existing(index) {
      const found = good[index] === true ? old!.shards[index]! : undefined;
      if (found === undefined) return undefined;
      shards.push(found);
      report({ kind: "shard", shard: found });
      return found;
    },
    async save(index, bytes, counts) {
      const file = `${key}-${String(index).padStart(5, "0")}.shard`;
      await folder.writeShard(file, bytes);
      const shard: ShardRecord = { file, bytes: bytes.length, sha256: sha256(bytes), ...counts };
      shards.push(shard);
      // A repair is no shorter than what it repairs.
      if (old?.complete !== true) await folder.writeManifest(manifestOf(false, 0));
      report({ kind: "shard", shard });
    },
    tick(tokens) {
      made = tokens;
      return pace.tick(tokens);
    },
  });
  pace.report(made);
  const whole = manifestOf(true, old?.complete === true ? blankAtEndOf(old) : blankAtEnd);
  await folder.writeManifest(whole);
  return whole;
}

/** Opens files, and refuses one that is no longer what it was when the identity was taken. */
function checkedFiles({ sources }: CorpusIdentity, folder: CacheFolder, pace: Pace): (file: SourceFile) => NamedBytes {
  return (file) => {
    const path = file as string;
    const expected = sources.files.find((each) => each.path === path)!;
    const bytes = async function* (): AsyncGenerator<Uint8Array> {
      const hash = createHash("sha256");
      for await (const chunk of fileBytes(path).bytes()) {
        hash.update(chunk);
        pace.bytes += chunk.length;
        yield chunk;
      }
      if (hash.digest("hex") === expected.sha256) return;
      await folder.forgetManifest();
      throw new ConfigError(
        `${path} has changed while its tokens were made. Open the corpus again when it is finished.`,
        {
          file: path,
        },
      );
    };
    return { name: path, bytes };
  };
}
