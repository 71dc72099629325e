import { writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { characterTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { decoded, startHere, testFolder, text, written } from "../../test/folder.ts";
import type { StartMaking } from "./start-worker.ts";
import { ShardsOnDisk } from "./shards-on-disk.ts";
import { printManifest } from "./parse-manifest.ts";

const { at, open } = testFolder();

test("a damaged shard and one that is gone are made again, and are what they were", async () => {
  await writeFile(at("a.txt"), text);
  const before = await (await open()).manifest();
  const [first, second, third] = before.shards.map(({ file }) => join(at("tokens"), file));
  const bytes = await readFile(second!);
  const damaged = Buffer.from(bytes);
  damaged[5]! ^= 1;
  await writeFile(second!, damaged);
  await rm(third!);
  const untouched = (await stat(first!)).mtimeMs;
  const found = await open();
  expect(found.why).toBe("the corpus of the folder is used, but shards 1, 2 were damaged or gone and are made again");
  expect(await decoded(found)).toBe(written);
  expect(await found.manifest()).toEqual(before);
  expect(await readFile(second!)).toEqual(bytes);
  expect((await stat(first!)).mtimeMs).toBe(untouched);
});

test("a making that was ended goes on with the shards that are done, and gives the same", async () => {
  await writeFile(at("a.txt"), text);
  const whole = await (await open()).manifest();
  const part = { ...whole, complete: false, shards: whole.shards.slice(0, 3) };
  await writeFile(at("tokens/manifest.json"), printManifest(part));
  for (const { file } of whole.shards.slice(3)) await rm(join(at("tokens"), file));
  const untouched = (await stat(join(at("tokens"), whole.shards[0]!.file))).mtimeMs;
  const found = await open();
  expect(found.why).toBe("the corpus of the folder was not finished: its 3 shards are used");
  expect(await decoded(found)).toBe(written);
  expect(await found.manifest()).toEqual(whole);
  expect((await stat(join(at("tokens"), whole.shards[0]!.file))).mtimeMs).toBe(untouched);
});

test("whoever reads a corpus that another makes anew gets what was there, or an error, never other tokens", async () => {
  await writeFile(at("a.txt"), text);
  const old = await open();
  await old.manifest();
  await (await open({ tokenizer: characterTokenizer(text, { special: { end: "[END]" } }) })).manifest();
  await expect(decoded(old)).rejects.toThrow(
    /\.shard is gone: another process has made this folder's corpus anew, or somebody has touched it\. Open the corpus again\.$/,
  );
});

test("what a killed process has left is taken away when it is old", async () => {
  await writeFile(at("a.txt"), text);
  await mkdir(at("tokens"));
  const [old, young, other] = [at("tokens/x.shard.1-1-0.tmp"), at("tokens/y.shard.1-1-0.tmp"), at("tokens/notes.txt")];
  for (const path of [old, young, other]) await writeFile(path, "");
  await utimes(old, 1, 1);
  await (await open()).manifest();
  const names = await readdir(at("tokens"));
  expect(names).not.toContain("x.shard.1-1-0.tmp");
  expect(names).toContain("y.shard.1-1-0.tmp");
  expect(names).toContain("notes.txt");
});

test("two that make the same corpus at once do not disturb each other", async () => {
  await writeFile(at("a.txt"), text);
  const both = await Promise.all([open(), open()]);
  for (const found of both) expect(await decoded(found)).toBe(written);
  expect(await both[0].manifest()).toEqual(await both[1].manifest());
  expect((await open()).why).toBe("the corpus of the folder is used");
});

test("few files are open at once, however many shards are read, and none after closing", async () => {
  const paths = Array.from({ length: 40 }, (_, i) => at(`${i}`));
  await Promise.all(paths.map((path, i) => writeFile(path, Uint8Array.of(i, i + 1))));
  const shards = new ShardsOnDisk((shard) => paths[shard]!, 3);
  const open = async (): Promise<number> => {
    const links = await Promise.all(
      (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
    );
    return links.filter((link) => paths.includes(link)).length;
  };
  for (const _ of [1, 2]) {
    const read = await Promise.all(paths.map((_, i) => shards.read(i, 1, 1)));
    expect(read.map(([byte]) => byte)).toEqual(paths.map((_, i) => i + 1));
    if (process.platform === "linux") expect(await open()).toBe(3);
  }
  await expect(shards.read(0, 1, 2)).rejects.toThrow("is shorter than it was: another process");
  await shards.close();
  if (process.platform === "linux") expect(await open()).toBe(0);
});

test("a file that changes while its tokens are made is refused, and nothing of it is used", async () => {
  await writeFile(at("a.txt"), text);
  const changing: StartMaking = (job, listener) =>
    startHere(job, {
      ...listener,
      report(said) {
        if (said.kind === "opened") writeFileSync(at("a.txt"), text.replace("line 59", "line 60"));
        listener.report(said);
      },
    });
  const { corpus } = await open({}, changing);
  await expect(corpus.counts()).rejects.toThrow(
    /a\.txt has changed while its tokens were made\. Open the corpus again when it is finished\.$/,
  );
  await writeFile(at("a.txt"), text);
  const found = await open();
  expect(found.why).toBe("the corpus is made: the folder had none");
  expect(await decoded(found)).toBe(written);
});
