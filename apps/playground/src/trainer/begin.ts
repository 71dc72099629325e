import { assemble, describe, type Assembled, type Spec } from "@tenon/models";
import { dequantizeWeights, unfreeze } from "@tenon/nn";
import type { Origin, TextModel } from "@tenon/pretrained";
import { type Backend, ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import type { ModelSource } from "../engine/model-source.ts";
import { openModel } from "../engine/open-model.ts";
import { gapsIn } from "./text/gaps.ts";
import { makeTokenizer } from "./text/make-tokenizer.ts";
import type { RunSettings, Start } from "./run-plan.ts";

/** A model at its beginning, with what cuts texts into tokens for it. */
export interface Begun {
  /** On its backend, its weights in f32. */
  readonly model: TextModel;
  readonly tokenizer: Tokenizer;
  /** What it began with, where that was no new model. */
  readonly began?: string | undefined;
  readonly earlierSteps?: number | undefined;
  readonly origin?: Origin | undefined;
}

/** How the preparation is followed and ended. */
export interface Follow {
  readonly signal: AbortSignal;
  readonly tell: (what: string, share?: number) => void;
}

/**
 * Makes or opens the model that a run begins with. Throws `ConfigError` for a model that has no text to learn from, and what assembling and opening throw.
 */
export async function begin(
  start: Start,
  text: string,
  { seed, window }: Pick<RunSettings, "seed" | "window">,
  backend: Backend,
  follow: Follow,
): Promise<Begun> {
  if (start.kind === "trained") return beginWith(start.source, backend, follow);
  const { spec, vocabulary, tokenizer: kind } = start;
  if (spec.kind === "image-encoder") throw noText();
  follow.tell(kind === "byte-pairs" ? "Learning byte pairs from the text" : "Making the tokenizer");
  const tokenizer = await makeTokenizer(text, {
    kind,
    vocabulary,
    model: spec.kind,
    gaps: gapsIn(window ?? contextIn(spec)),
    signal: follow.signal,
    onProgress: ({ phase, done, total }) =>
      follow.tell(
        phase === "texts" ? "Counting the words of the text" : "Learning byte pairs from the text",
        total === undefined ? undefined : done / total,
      ),
  });
  follow.tell("Assembling the model");
  const model = assembleText(withVocabulary(spec, tokenizer.size), seed);
  expectMemory(model);
  await model.to(backend);
  return { model, tokenizer };
}

/** Assembles a model that reads text. Throws `ConfigError` for one of images. */
export function assembleText(spec: unknown, seed: number): TextModel {
  const model = assemble(spec, { seed });
  if (isOfText(model)) return model;
  throw noText();
}

const isOfText = (model: Assembled): model is TextModel => model.spec.kind !== "image-encoder";
const noText = (): ConfigError =>
  new ConfigError(
    "a model of images does not learn from a text. Assemble a decoder, an encoder or an encoder–decoder to train it here.",
  );

/** What a file has in levels or in 16 bits becomes f32: a step of training is less than what those can tell apart. */
async function beginWith(source: ModelSource, backend: Backend, { tell, signal }: Follow): Promise<Begun> {
  tell("Opening the model");
  const opened = await openModel(source, backend, {
    signal,
    progress: ({ done, of }) => tell("Opening the model", of > 0 ? done / of : undefined),
  });
  const { model, tokenizer, name, pretrained, saved } = opened;
  if (!isOfText(model)) throw noText();
  if (tokenizer === undefined)
    throw new ConfigError(
      `${name} came without a tokenizer, so no text can be cut into tokens for it. Open one with its tokenizer.json.`,
    );
  for (const path of await dequantizeWeights(model)) unfreeze(model, path);
  expectMemory(model);
  const earlierSteps = saved && saved.training.step + (saved.training.earlierSteps ?? 0);
  const origin = saved?.origin ?? (pretrained && originOf(pretrained));
  return { model, tokenizer, began: name, earlierSteps, origin };
}

const originOf = ({ family, architecture, config, generation }: Origin): Origin => ({
  family,
  architecture,
  config,
  ...(generation !== undefined && { generation }),
});

/** A spec that is sure to fit the tokens of a text. */
function withVocabulary(spec: Spec, size: number): Spec {
  if (spec.kind === "image-encoder") return spec;
  const ofSource = "sourceVocabulary" in spec && spec.sourceVocabulary !== undefined ? { sourceVocabulary: size } : {};
  return { ...spec, vocabulary: size, ...ofSource };
}

function contextIn(spec: Spec): number {
  if ("context" in spec) return spec.context;
  return "encoder" in spec ? Math.min(spec.encoder.context, spec.decoder.context) : 64;
}

/** What a page can have of memory: 32 bits of addresses, less what else there is. */
const most = 3 * 2 ** 30;

/** What is far too large is refused at once, before the browser ends the page. */
function expectMemory(model: TextModel): void {
  const { count, bytes } = describe(model);
  // Each parameter has a gradient and two running means.
  if (4 * bytes <= most) return;
  const gibibytes = ((4 * bytes) / 2 ** 30).toFixed(1);
  throw new ConfigError(
    `training ${new Intl.NumberFormat("en-US").format(count)} parameters takes at least ${gibibytes} GiB, and a page gets about 4 GiB. Make the model smaller, with fewer layers or a smaller width, or train it with \`tenon train\`.`,
    { parameters: count, needed: 4 * bytes },
  );
}
