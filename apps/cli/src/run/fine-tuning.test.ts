// Runs that begin with models of others, in process.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Decoder } from "@tenon/models";
import { fromPretrained, loadLora } from "@tenon/pretrained";
import { folder } from "@tenon/pretrained/node";
import { ids } from "@tenon/tensor";
import { beforeAll, expect, test } from "vitest";

import { makeHuggingFaceFolders } from "../../test/hugging-face-folders.ts";
import { recordingSession } from "../../test/recording-session.ts";
import { temporaryFolder } from "../../test/tenon.ts";
import type { TrainFlags } from "../options/train.ts";
import { endsOf } from "../generation/prompt-ids.ts";
import { loadDecoder, loadTranslator } from "../model/load-kind.ts";
import { Interrupted } from "../interrupt.ts";
import { translateText } from "../translation/translate-text.ts";
import { newRun } from "./new-run.ts";
import type { Reporter, RunFacts } from "./reporter.ts";
import { resumeRun } from "./resume-run.ts";
import { trainRun } from "./train-loop.ts";

const { session } = recordingSession();

let at = "";
beforeAll(async () => {
  at = await temporaryFolder();
  await makeHuggingFaceFolders(at);
  await writeFile(join(at, "text.txt"), "Mia ran home. Tom ran, too! the fox ate a red apple\n".repeat(30));
  await writeFile(join(at, "lines.txt"), "Mia ran home.\nTom ran, too!\n".repeat(5));
}, 60_000);

type Given = { readonly [flag in keyof TrainFlags]?: TrainFlags[flag] | undefined };

const flagsOf = (name: string, more: Given): TrainFlags =>
  ({
    from: name.includes("/") ? name : join(at, name),
    text: join(at, "text.txt"),
    batch: 2,
    accumulate: 1,
    steps: 4,
    rate: 0.01,
    schedule: "constant",
    optimiser: "adamw",
    weightDecay: 0.1,
    clip: 1,
    evaluateEvery: 4,
    saveEvery: 100,
    seed: 2, // the folders are made with 1
    ...more,
  }) as TrainFlags;

/** Trains to the end, or until a step at which it is interrupted. Gives what was told at the start, and the losses. */
async function trained(
  { run, place }: Awaited<ReturnType<typeof newRun>>,
  until = Infinity,
): Promise<{ facts: RunFacts; losses: number[] }> {
  let facts: RunFacts | undefined;
  const losses: number[] = [];
  const nothing = (): Promise<void> => Promise.resolve();
  const reporter: Reporter = {
    start: (told) => ((facts = told), nothing()),
    step: ({ step, loss }) => {
      losses.push(loss);
      if (step === until) process.emit("SIGINT");
      return nothing();
    },
    evaluated: nothing,
    saved: nothing,
    interrupted: () => undefined,
    stop: () => undefined,
    end: nothing,
  };
  await trainRun(run, place, reporter, session).catch((error: unknown) => {
    if (!(error instanceof Interrupted)) throw error;
  });
  return { facts: facts!, losses };
}

async function scores(model: Decoder): Promise<Float32Array> {
  using logits = model.forward(ids([3, 7, 11, 2], [1, 4], model.backend, { limit: model.vocabulary }));
  return (await logits.read()) as Float32Array;
}

test("adapters alone are trained, resumed without the original to the same bits, and become part of the model", async () => {
  const base = await fromPretrained(join(at, "lm"));
  const before = await scores(base.model as Decoder);
  const lora = { loraRank: 2, loraAlpha: 4, out: join(at, "whole") };
  const run = await newRun(flagsOf("lm", lora), session);
  const { facts } = await trained(run);
  expect(facts.adapters).toBe(2 * 2 * (16 + 16)); // the query's and the value's, of rank 2
  expect(facts).toMatchObject({ context: 32, parameters: 11_824 });
  // What the optimiser remembers is of adapters alone.
  const remembered = [...(await run.run.optimiser.state()).keys()].filter((key) => key.endsWith(".mean"));
  expect(remembered.length).toBe(4);
  expect(remembered.every((key) => key.includes(".adapter."))).toBe(true);

  const copy = join(at, "gone");
  await makeHuggingFaceFolders(copy);
  const out = join(at, "resumed");
  // Saved at every step, each time as a whole, which must leave no trace.
  const begun = await newRun(flagsOf("lm", { ...lora, from: join(copy, "lm"), saveEvery: 1, out }), session);
  expect((await trained(begun, 2)).losses.length).toBe(2);
  await rm(copy, { recursive: true });
  await trained(await resumeRun(out, undefined, session));

  const [whole, resumed] = await Promise.all([join(at, "whole"), out].map((path) => loadDecoder(path, session)));
  const merged = await scores(whole!.model);
  expect(await scores(resumed!.model)).toEqual(merged);
  expect(merged).not.toEqual(before);
  expect([...whole!.model.parameters().keys()]).toEqual([...base.model.parameters().keys()]);
  // As others load it: all of it, and the original with its adapters.
  const others = await fromPretrained(join(at, "whole", "hugging-face"));
  expect(await scores(others.model as Decoder)).toEqual(merged);
  await loadLora(base.model, folder(join(at, "whole", "adapter")));
  (await scores(base.model as Decoder)).forEach((score, i) => expect(score).toBeCloseTo(merged[i]!, 5));
  const { base_model_name_or_path: name } = JSON.parse(
    await readFile(join(at, "whole", "adapter", "adapter_config.json"), "utf8"),
  );
  expect(name).toBe(join(at, "lm"));
  // It is used as the original is.
  expect(whole!.tokenizerConfig).toHaveProperty("chat_template");
  expect(endsOf(whole!)).toEqual(endsOf({ ...whole!, training: undefined }));
});

test("all weights are trained without adapters: a model of the Hub's form, and one in levels", async () => {
  const gguf = fileURLToPath(new URL("../../../../packages/pretrained/goldens/qwen2-levels.gguf", import.meta.url));
  await writeFile(join(at, "ab.txt"), "ab cab ".repeat(200));
  const text = join(at, "ab.txt");
  const out = join(at, "levels");
  const run = await newRun(flagsOf(gguf, { text, window: 8, out }), session);
  expect([...run.run.model.parameters().values()].map(({ type, frozen }) => [type.dtype, frozen])).toEqual(
    Array.from(run.run.model.parameters(), () => ["f32", false]),
  );
  const { facts, losses } = await trained(run);
  expect(facts).toMatchObject({ context: 8 });
  expect(facts.adapters).toBeUndefined();
  expect(losses.at(-1)).toBeLessThan(losses[0]!);
  expect((await readdir(out)).toSorted()).toContain("hugging-face");
  const again = await newRun(flagsOf(out, { text, window: 8, out: join(at, "again") }), session);
  // Its adapters would be of no use beside the model that the first run began with.
  expect(again.run.options).toMatchObject({
    earlierSteps: 4,
    origin: { family: "qwen2", name: join(out, "hugging-face") },
  });
});

test("masked words and pairs are learned as the model's own tokenizer frames them", async () => {
  const masked = await trained(await newRun(flagsOf("masked", { out: join(at, "words") }), session));
  expect(masked.losses.length).toBe(4);
  const pairs = {
    source: join(at, "lines.txt"),
    target: join(at, "lines.txt"),
    text: undefined,
    batch: 64,
    steps: 150,
  };
  const out = join(at, "translated");
  const { losses } = await trained(await newRun(flagsOf("translator", { ...pairs, out }), session));
  expect(losses.at(-1)).toBeLessThan(losses[0]!);
  for (const path of [out, join(out, "hugging-face")]) {
    const loaded = await loadTranslator(path, session);
    const { text } = await translateText(loaded, "Mia ran home.", { beams: 1 });
    expect(text, path).toBe("Mia ran home.");
  }
});

test("what cannot be trained so is refused before anything is written", async () => {
  const problem = (name: string, more: Given = {}): Promise<string> =>
    newRun(flagsOf(name, { out: join(at, "refused"), ...more }), session).then(
      () => "nothing",
      (error: Error) => error.message.replaceAll(at, "FOLDER"),
    );
  expect(await problem("classes")).toBe(
    'FOLDER/classes ends in a head of the kind "classification", so it cannot learn from masked words, which is how encoders are trained: that takes one of the kind "masked-language". Name another model.',
  );
  expect(await problem("lm", { window: 33 })).toBe("--window is 33, and the model's context is 32. Use at most that.");
  expect(await problem("translator", { window: 8 })).toContain("--window is for pieces of a text");
  expect(await problem("lm", { loraRank: 2, loraTargets: ["**.nothing"] })).toContain(
    'no weight that can be adapted fits "**.nothing"',
  );
  // PEFT's files could not hold these, which nobody wants to hear after an hour.
  expect(await problem("lm", { loraRank: 2, loraTargets: ["embedding.tokens.table"] })).toContain(
    "saveLora: the adapter of embedding.tokens.table is one of a table",
  );
  expect(await readdir(at)).not.toContain("refused");
});
