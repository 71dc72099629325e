import { stat } from "node:fs/promises";
import { join } from "node:path";

import type { Spec } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import { assembleTrainable } from "../model/assemble-trainable.ts";
import { modelFileName } from "../model/model-file.ts";
import { assembleFile, type RawSpec, readSpecFile } from "../model/spec-file.ts";
import { specOf, type TrainedKind, trainedKinds } from "../options/architecture.ts";
import { dataSourceOf } from "../options/examples.ts";
import { loraOf, windowOf } from "../options/fine-tuning.ts";
import type { TrainFlags } from "../options/train.ts";
import { warmUpOf } from "../options/training.ts";
import { listed } from "../options/values.ts";
import type { Session } from "../session.ts";
import { shellWord } from "../shell-word.ts";
import { type DataSource, fingerprint, readData, settled } from "./data-source.ts";
import { beginWith } from "./beginning.ts";
import { expectSavable } from "./for-others.ts";
import { makeTokenizer, type Purpose } from "./make-tokenizer.ts";
import { makeRun, type Run } from "./run.ts";
import { checkpointsName, hasRun } from "./saved-run.ts";
import { isLarge, tokensOf } from "./streamed-text.ts";
import type { Place } from "./train-loop.ts";

/** Makes the run that the flags ask for. Nothing is written yet. */
export async function newRun(flags: TrainFlags, session: Session): Promise<{ run: Run; place: Place }> {
  const { steps, rate, accumulate, weightDecay, clip, evaluateEvery, saveEvery, seed } = flags;
  const begun = flags.from === undefined ? undefined : await beginWith(flags.from, session);
  const given = flags.spec === undefined ? undefined : await readSpecFile(flags.spec);
  const kind = begun?.model.spec.kind ?? kindOf(flags, given, dataSourceOf(flags));
  const folder = flags.out ?? `tenon-${kind}`;
  await refuseToReplace(folder, flags.force === true);

  // By the paths that were typed, which are the ones that a message should name.
  const purpose = purposeOf(kind);
  const source = await streamedWhere(dataSourceOf(flags), purpose, folder);
  const data = await readData(source);
  const tokenizer =
    begun?.tokenizer ??
    (await makeTokenizer(
      flags.tokenizer ?? (data.kind === "streamed" ? "byte-pairs" : usualTokenizer[purpose]),
      purpose,
      data,
      flags.vocabulary,
    ));
  const spec =
    given === undefined
      ? { ...(begun?.model.spec ?? specOf(kind as TrainedKind, tokenizer.size, flags)) }
      : fromFile(flags.spec!, withVocabulary(given, tokenizer));
  const separator = separatorOf(flags, purpose, tokenizer);
  const examples = data.kind === "streamed" ? await tokensOf(data, separator.separator, tokenizer, session) : data;
  const run = await makeRun(
    {
      spec,
      tokenizer: { ...tokenizer.toJSON() },
      data: settled(source),
      dataHash: fingerprint(data),
      ...separator,
      batch: flags.batch ?? (data.kind === "pairs" ? 2000 : 12),
      accumulate,
      steps,
      rate,
      schedule: flags.schedule,
      warmUp: warmUpOf(flags),
      weightDecay,
      clip,
      maskRate: onlyFor("--mask-rate", "encoders", flags.maskRate, 0.15, purpose === "fill", kind),
      labelSmoothing: onlyFor(
        "--label-smoothing",
        "encoder–decoders",
        flags.labelSmoothing,
        0.1,
        purpose === "translate",
        kind,
      ),
      evaluateEvery,
      saveEvery,
      optimiser: flags.optimiser,
      ...(flags.movingAverage !== undefined && { movingAverage: flags.movingAverage }),
      ...(flags.recompute === true && { recompute: true }),
      ...(flags.patience !== undefined && { patience: flags.patience }),
      seed,
      window: begun && windowOf(flags, begun),
      lora: loraOf(flags),
      earlierSteps: begun?.earlierSteps,
      origin: begun?.origin,
    },
    examples,
    session.backend,
    begun?.model,
  );
  try {
    await expectSavable(run);
  } catch (error) {
    await run.close();
    throw error;
  }
  return { run, place: { folder, step: 0, resumed: false } };
}

/** A decoder's text that is too large to be read at once is read in a stream. */
async function streamedWhere(source: DataSource, purpose: Purpose, folder: string): Promise<DataSource> {
  if (source.kind !== "file") return source;
  if (purpose !== "continue" && source.tokens !== undefined)
    throw new ConfigError("--tokens is for decoders, which learn from a text of any size. Leave it out.");
  if (purpose !== "continue" || source.tokens !== undefined || !(await isLarge(source.path))) return source;
  return { ...source, tokens: join(folder, "tokens") };
}

const usualTokenizer = { continue: "character", fill: "word", translate: "byte-pairs" } as const;

function purposeOf(kind: Spec["kind"]): Purpose {
  return kind === "decoder" ? "continue" : kind === "encoder" ? "fill" : "translate";
}

function kindOf({ model, spec }: TrainFlags, given: RawSpec | undefined, { kind: data }: DataSource): Spec["kind"] {
  if (given === undefined) return model ?? (data === "parallel" ? "encoder-decoder" : "decoder");
  const kind = trainedKinds.find((one) => one === given["kind"]) ?? "decoder";
  if (model === undefined || model === kind) return kind;
  throw new ConfigError(
    `--model is ${model}, but ${spec} is the spec of a model of the kind "${kind}". Leave one of them out.`,
    { model, kind },
  );
}

/** A spec for a text that is still to be cut into tokens need not say how many there are; if it does, it has to be right. */
function withVocabulary(spec: RawSpec, tokenizer: Tokenizer): RawSpec {
  const keys =
    typeof spec["kind"] === "string" && spec["kind"].startsWith("rnn-")
      ? ["vocabulary", "sourceVocabulary"]
      : ["vocabulary"];
  for (const key of keys) {
    const { [key]: vocabulary = tokenizer.size } = spec;
    if (vocabulary === tokenizer.size) continue;
    throw new ConfigError(
      `spec.${key} is ${JSON.stringify(vocabulary)}, but the ${tokenizer.kind} tokenizer of this text has ${tokenizer.size} tokens. Write ${tokenizer.size}, or leave the key out.`,
      { expected: tokenizer.size, got: vocabulary },
    );
  }
  return { ...spec, ...Object.fromEntries(keys.map((key) => [key, tokenizer.size])) };
}

/** A spec of a file, once it is sure that it can be assembled: what is wrong with it is said with the name of the file. */
function fromFile(path: string, spec: RawSpec): RawSpec {
  assembleFile(path, spec, assembleTrainable);
  return spec;
}

/** Stories stand apart by blank lines; of another text nobody knows. */
function separatorOf(
  { separator, text, source }: TrainFlags,
  purpose: Purpose,
  { special: { end } }: Tokenizer,
): { readonly separator?: string } {
  if (purpose !== "continue") {
    if (separator === undefined) return {};
    throw new ConfigError("--separator is for decoders, which learn where a text ends. Leave it out.");
  }
  const usual = text === undefined && source === undefined && end !== undefined ? "\n\n" : undefined;
  const given = separator?.replaceAll("\\n", "\n") ?? usual;
  return given === undefined ? {} : { separator: given };
}

/** What an option is, or its default; an option that does nothing here is refused. */
function onlyFor(
  flag: string,
  models: string,
  given: number | undefined,
  usual: number,
  isFor: boolean,
  kind: string,
): number {
  if (given === undefined || isFor) return given ?? usual;
  throw new ConfigError(
    `${flag} is for ${models}, and this model is of the kind "${kind}". Leave it out, or choose another --model: ${listed(trainedKinds)}.`,
    { kind },
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
  const hasModel = (await stat(join(folder, modelFileName)).catch(() => undefined)) !== undefined;
  const [what, remedy] = (await hasRun(folder))
    ? [`a run that is not finished in it (${checkpointsName})`, `Go on with it (--resume ${shellWord(folder)}),`]
    : hasModel
      ? [`a model in it (${modelFileName})`, "Keep it and"]
      : [];
  if (what === undefined) return;
  throw new ConfigError(
    `the folder ${folder} already has ${what}. ${remedy} choose another folder with --out, or replace it with --force.`,
    { folder },
  );
}
