import { Encoder } from "@tenon/models";
import { fillMasks, type Filling as Filled } from "@tenon/pretrained";
import { ConfigError } from "@tenon/tensor";

import type { Models } from "../models.ts";
import type { Running } from "../running.ts";
import { readText, tokenizerOf } from "./read-text.ts";

/** What the open model thinks of masked words. */
export class Filling {
  readonly #models: Models;
  readonly #running: Running;

  constructor(models: Models, running: Running) {
    this.#models = models;
    this.#running = running;
  }

  /**
   * The `top` most probable words for each mask of a text. Throws `ConfigError` for a model that fills in nothing, and for a text without a mask, that is too long, or that the
   * model cannot read.
   */
  fill(text: string, top: number): Promise<Filled> {
    return this.#running.start(async () => {
      const { current } = this.#models;
      const { model, name } = current;
      const tokenizer = tokenizerOf(current);
      if (!(model instanceof Encoder))
        throw new ConfigError(`${name} is no encoder, so it fills in no words. Open one, such as the story encoder.`);
      const ids = readText(text, tokenizer, true);
      if (ids.length > model.context)
        throw new ConfigError(
          `The text has ${ids.length} tokens, but ${name} reads ${model.context} at most. Shorten it.`,
        );
      return fillMasks(model, tokenizer, ids, { top });
    });
  }
}
