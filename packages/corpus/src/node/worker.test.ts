import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { random } from "@tenon/tensor";
import { byteTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { testFolder } from "../../test/folder.ts";
import { streamedBatches } from "../batches/streamed-batches.ts";
import { parallelText } from "../sources/sources.ts";
import { startWorker } from "./start-worker.ts";

const { at, open } = testFolder();

const long = Array.from({ length: 20_000 }, (_, i) => `line ${i} of a long text`).join("\n");

test("an abort ends it, at once for whoever waits; what was done is there for the next", async () => {
  await writeFile(at("a.txt"), long);
  const stop = new AbortController();
  const options = { shardTokens: 20_000, frame: undefined };
  const { corpus } = await open({ ...options, signal: stop.signal }, startWorker);
  const batches = streamedBatches({ corpus, context: 50, batch: 4, random: random(1) });
  const early = await batches(0);
  const waiting = corpus.tokens();
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(batches(0)).resolves.toEqual(early);
  const again = await open(options);
  expect(again.why).toMatch(/was not finished: its \d+ shards are used/);
  expect((await again.corpus.counts()).tokens).toEqual([long.replaceAll("\n", "").length]);
  const later = streamedBatches({ corpus: again.corpus, context: 50, batch: 4, random: random(1) });
  expect(await later(0)).toEqual(early);
  await expect(open({ signal: AbortSignal.abort(new Error("never")) })).rejects.toThrow("never");
});

test("an error of the worker comes to whoever asks next, and is Tenon's", async () => {
  await writeFile(at("a.de"), "ja\n".repeat(200));
  await writeFile(at("a.en"), "yes\n".repeat(201));
  const { corpus } = await open({ sources: parallelText([[at("a.de"), at("a.en")]]) }, startWorker);
  await expect(corpus.pairs()).rejects.toThrow(
    expect.objectContaining({ name: "ConfigError", message: expect.stringContaining("a.de has 200 lines and ") }),
  );
  await expect(corpus.shard(0)).rejects.toThrow("a.en has 201");
});

const program = `
import { random } from "@tenon/tensor";
import { byteTokenizer } from "@tenon/tokenizers";
import { textFiles } from "${new URL("../index.ts", import.meta.url).href}";
import { openCorpus } from "${new URL("../node.ts", import.meta.url).href}";
const [file, folder] = process.argv.slice(1);
const options = { sources: textFiles([file], "lines"), tokenizer: byteTokenizer(), shardTokens: 20_000, folder };
const { corpus } = await openCorpus(options);
await corpus.shard(2);
console.log("three shards");
await corpus.counts();
`;

test("a making that is killed goes on where it was, and gives what it would have given", async () => {
  await writeFile(at("a.txt"), long);
  const options = { shardTokens: 20_000, tokenizer: byteTokenizer(), frame: undefined };
  const whole = await (await open({ ...options, folder: at("other") })).manifest();
  const child = spawn(
    process.execPath,
    ["--conditions=@tenon/source", "--input-type=module", "-e", program, at("a.txt"), at("tokens")],
    { cwd: fileURLToPath(new URL("../..", import.meta.url)), stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  const found = await open(options);
  expect(found.why).toMatch(/^the corpus of the folder was not finished: its \d+ shards are used$/);
  expect(Number(/\d+/.exec(found.why))).toBeLessThan(whole.shards.length);
  expect(Number(/\d+/.exec(found.why))).toBeGreaterThanOrEqual(3);
  expect(await found.manifest()).toEqual(whole);
});
