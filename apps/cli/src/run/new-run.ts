import { stat } from "node:fs/promises";
import { join } from "node:path";

import { loadParameters } from "@tenon/checkpoint";
import type { Spec } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";
import { byteTokenizer, characterTokenizer, type Tokenizer, wordTokenizer } from "@tenon/tokenizers";

import type { TrainFlags } from "../commands/train.ts";
import { readTextFile } from "../files/text-file.ts";
import { modelFileName, readModel } from "../model/model-file.ts";
import { assembleStack } from "../model/assemble-stack.ts";
import { assembleFile, type RawSpec, readSpecFile } from "../model/spec-file.ts";
import { specOf } from "../options/architecture.ts";
import type { Session } from "../session.ts";
import { shellWord } from "../shell-word.ts";
import { runFileName } from "./run-file.ts";
import { makeRun, type Run } from "./run.ts";
import { fileSource, fingerprint, readText } from "./text-source.ts";
import type { Place } from "./train-loop.ts";

/** Makes the run that the flags ask for. Nothing is written yet. */
export async function newRun(flags: TrainFlags, session: Session): Promise<{ run: Run; place: Place }> {
  const { batch, steps, rate, weightDecay, clip, evaluateEvery, saveEvery, seed } = flags;
  const trained = flags.from === undefined ? undefined : await readModel(flags.from);
  const given = flags.spec === undefined ? undefined : await readSpecFile(flags.spec);
  const kind = trained?.model.spec.kind ?? kindOf(flags, given);
  const folder = flags.out ?? `tenon-${kind}`;
  await refuseToReplace(folder, flags.force === true);

  const source = flags.text === undefined ? { kind: "stories" as const, count: flags.stories } : fileSource(flags.text);
  // By the path that was typed, which is the one that a message should name.
  const text = await (flags.text === undefined ? readText(source) : readTextFile(flags.text));
  const tokenizer =
    trained?.tokenizer ?? makeTokenizer(flags.tokenizer ?? (kind === "encoder" ? "word" : "character"), kind, text);
  const spec =
    given === undefined
      ? { ...(trained?.model.spec ?? specOf(kind, tokenizer.size, flags)) }
      : withVocabulary(given, tokenizer);
  // What is wrong with a file is said with the name of the file.
  if (flags.spec !== undefined) assembleFile(flags.spec, spec, assembleStack);
  const run = await makeRun(
    {
      spec,
      tokenizer: { ...tokenizer.toJSON() },
      text: source,
      textHash: fingerprint(text),
      batch,
      steps,
      rate,
      warmUp: warmUpOf(flags),
      weightDecay,
      clip,
      maskRate: maskRateOf(flags, kind),
      evaluateEvery,
      saveEvery,
      seed,
      ...(trained && { earlierSteps: trained.training.step + (trained.training.earlierSteps ?? 0) }),
    },
    text,
    session.backend,
  );
  if (trained !== undefined) loadParameters(run.model, trained.file);
  return { run, place: { folder } };
}

function kindOf({ model, spec }: TrainFlags, given: RawSpec | undefined): "decoder" | "encoder" {
  if (given === undefined) return model ?? "decoder";
  const kind = given["kind"] === "encoder" ? "encoder" : "decoder";
  if (model === undefined || model === kind) return kind;
  throw new ConfigError(
    `--model is ${model}, but ${spec} is the spec of ${kind === "encoder" ? "an" : "a"} ${kind}. Leave one of them out.`,
    {
      model,
      kind,
    },
  );
}

/** A spec for a text that is still to be cut into tokens need not say how many there are; if it does, it has to be right. */
function withVocabulary(spec: RawSpec, tokenizer: Tokenizer): RawSpec {
  const { vocabulary = tokenizer.size } = spec;
  if (vocabulary === tokenizer.size) return { ...spec, vocabulary };
  throw new ConfigError(
    `spec.vocabulary is ${JSON.stringify(vocabulary)}, but the ${tokenizer.kind} tokenizer of this text has ${tokenizer.size} tokens. Write ${tokenizer.size}, or leave the key out.`,
    { expected: tokenizer.size, got: vocabulary },
  );
}

function makeTokenizer(tokenizer: "character" | "byte" | "word", kind: Spec["kind"], text: string): Tokenizer {
  const options = kind === "encoder" ? { special: { mask: "[MASK]" } } : {};
  switch (tokenizer) {
    case "character":
      return characterTokenizer(text, options);
    case "byte":
      return byteTokenizer(options);
    case "word":
      return wordTokenizer(text, options);
  }
}

function maskRateOf({ maskRate }: TrainFlags, kind: Spec["kind"]): number {
  if (maskRate === undefined || kind === "encoder") return maskRate ?? 0.15;
  throw new ConfigError(
    "--mask-rate is for encoders, and this model is a decoder. Leave it out, or train one with --model encoder.",
  );
}

function warmUpOf({ warmUp, steps }: TrainFlags): number {
  if (warmUp === undefined) return Math.min(100, Math.floor(steps / 20));
  if (warmUp < steps) return warmUp;
  throw new ConfigError(
    `--warm-up is ${warmUp}, but there are only ${steps} steps. Use fewer steps of warm-up, or more --steps.`,
    {
      warmUp,
      steps,
    },
  );
}

async function refuseToReplace(folder: string, force: boolean): Promise<void> {
  const status = await stat(folder).catch(() => undefined);
  if (status !== undefined && !status.isDirectory()) {
    throw new ConfigError(`${folder} is a file; a model is trained into a folder. Choose another name with --out.`, {
      folder,
    });
  }
  if (force) return;
  for (const name of [runFileName, modelFileName]) {
    if ((await stat(join(folder, name)).catch(() => undefined)) === undefined) continue;
    const [what, remedy] =
      name === runFileName
        ? ["a run that is not finished", `Go on with it (--resume ${shellWord(folder)}),`]
        : ["a model", "Keep it and"];
    throw new ConfigError(
      `the folder ${folder} already has ${what} in it (${name}). ${remedy} choose another folder with --out, or replace it with --force.`,
      { folder },
    );
  }
}
