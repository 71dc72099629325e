import { stat } from "node:fs/promises";
import { resolve } from "node:path";

import { Encoder, ImageEncoder } from "@tenon/models";
import { dequantizeWeights, unfreeze } from "@tenon/nn";
import type { Origin, TextModel } from "@tenon/pretrained";
import { ConfigError, type Json } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import { type AnyModel, loadAnyModel } from "../model/any-model.ts";
import { expectHead } from "../model/expect-head.ts";
import type { Session } from "../session.ts";
import { wholeBeside } from "./for-others.ts";

/** What a run begins with in place of a new model. */
export interface Beginning {
  /** On the backend, its weights in f32. */
  readonly model: TextModel;
  readonly tokenizer: Tokenizer;
  /** Steps that `tenon train` took with it before. */
  readonly earlierSteps?: number | undefined;
  /** Whose it was, where others made it. */
  readonly origin?: Origin | undefined;
}

/**
 * Loads the model that --from names, to be trained. What a file has in levels or in 16 bits becomes f32: a step of training is less than what those
 * can tell apart.
 *
 * Throws `ConfigError` for a model that `tenon train` has no task for, and what {@link loadAnyModel} throws.
 */
export async function beginWith(given: string, session: Session): Promise<Beginning> {
  const loaded = await loadAnyModel(given, session);
  const { model, path, tokenizer, training } = loaded;
  if (model instanceof ImageEncoder)
    throw new ConfigError(
      `${path} is a model of images, and \`tenon train\` trains models of text. Train it from a program, with @tenon/training.`,
      { path },
    );
  if (model instanceof Encoder)
    expectHead(
      { ...loaded, model },
      "masked-language",
      "cannot learn from masked words, which is how encoders are trained",
    );
  for (const path of await dequantizeWeights(model)) unfreeze(model, path);
  const earlierSteps = training && training.step + (training.earlierSteps ?? 0);
  return { model, tokenizer, earlierSteps, origin: await originOf(given, loaded) };
}

async function originOf(
  given: string,
  { path, origin, pretrained, tokenizerConfig }: AnyModel,
): Promise<Origin | undefined> {
  if (origin !== undefined) return { ...origin, name: await wholeBeside(path) };
  if (pretrained === undefined) return undefined;
  const { family, architecture, config, generation } = pretrained;
  const name = await nameOf(given);
  return { name, family, architecture, config, generation, tokenizerConfig: tokenizerConfig as Record<string, Json> };
}

/** The Hub's names stay as they are; a folder is named so that it is found from anywhere on this machine. */
async function nameOf(given: string): Promise<string | undefined> {
  const status = await stat(given).catch(() => undefined);
  if (status === undefined) return given;
  return status.isDirectory() ? resolve(given) : undefined;
}
