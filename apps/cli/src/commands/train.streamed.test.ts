// A text that is read in a stream.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { stories } from "@tenon/stories";
import { expect, test } from "vitest";

import { type Ended, ended, jsonLines, start, temporaryFolder, tenon, tiny } from "../../test/tenon.ts";

interface Line {
  readonly event: string;
  readonly step: number;
  readonly loss: number;
}

const losses = (stdout: string): [number, number][] =>
  jsonLines<Line>(stdout)
    .filter(({ event }) => event === "step")
    .map(({ step, loss }) => [step, loss]);

/** A run that hears Ctrl-C, once, after its first step. */
function interrupted(args: readonly string[], folder: string): Promise<Ended> {
  const child = start(args, folder);
  let told = false;
  child.stdout.on("data", (said: string) => {
    if (told || !said.includes('"event":"step"')) return;
    told = child.kill("SIGINT");
  });
  return ended(child);
}

test("tokens are made once, and a run that is interrupted goes on from them to the same losses", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "text.txt.gz"), gzipSync(stories({ seed: 2, count: 60 })));
  const text = ["--text", "text.txt.gz", "--separator", "\\n\\n", "--tokens", "tokens", "--vocabulary", "300"];
  const run = ["train", ...tiny, ...text, "--steps", "150", "--save-every", "50", "--json"];

  const whole = await tenon([...run, "--out", "whole"], folder);
  expect(whole.code).toBe(0);
  expect(losses(whole.stdout)).toHaveLength(150);
  const made = await readdir(join(folder, "tokens"));
  const manifest = await readFile(join(folder, "tokens/manifest.json"), "utf8");
  expect(JSON.parse(manifest)).toMatchObject({
    complete: true,
    counts: { documents: 60 },
    frame: { begin: "end" },
    sources: { documents: { separator: "\n\n" } },
  });

  const first = await interrupted([...run, "--out", "parts"], folder);
  expect(first.code).toBe(130);
  const second = await tenon(["train", "--resume", "parts", "--json"], folder);
  expect(second.code).toBe(0);
  expect([...losses(first.stdout), ...losses(second.stdout)]).toEqual(losses(whole.stdout));
  expect(await readdir(join(folder, "tokens"))).toEqual(made);
  expect(await readFile(join(folder, "tokens/manifest.json"), "utf8")).toBe(manifest);
  expect((await tenon(["generate", "--model", "parts", "--tokens", "3"], folder)).code).toBe(0);
});

test("what cannot be streamed is refused, and so is a text that has changed", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "text.txt"), stories({ seed: 2, count: 20 }));
  const refused = async (...args: string[]): Promise<string> =>
    (await tenon(["train", ...tiny, ...args], folder)).stderr;
  const streamed = ["--text", "text.txt", "--tokens", "tokens"];
  expect(await refused(...streamed, "--tokenizer", "word")).toBe(
    "error: the word tokenizer is made of all of a text, and this one is read in a stream. Use --tokenizer byte-pairs, which is learned from its first part, or byte.\n",
  );
  expect(await refused(...streamed, "--model", "encoder")).toBe(
    "error: --tokens is for decoders, which learn from a text of any size. Leave it out.\n",
  );
  expect(await refused("--tokens", "tokens")).toBe(
    "error: --tokens is where those of a --text are kept: give one, or leave it out.\n",
  );
  expect(await refused("--text", "none.txt", "--tokens", "tokens")).toBe(
    "error: cannot read none.txt: there is no such file. Check the path.\n",
  );

  expect(
    (
      await interrupted(
        ["train", ...tiny, ...streamed, "--tokenizer", "byte", "--steps", "9999", "--json", "--out", "run"],
        folder,
      )
    ).code,
  ).toBe(130);
  await writeFile(join(folder, "text.txt"), "another text, which is long enough. ".repeat(50));
  expect((await tenon(["train", "--resume", "run"], folder)).stderr).toMatch(
    /text\.txt is not the text that the run in run began with: it has changed since\./,
  );
  await rm(join(folder, "text.txt"));
  expect((await tenon(["train", "--resume", "run"], folder)).stderr).toMatch(
    /cannot read .*text\.txt: there is no such file/,
  );
});
