import { generate, type GeneratedToken, predictor, type StopReason } from "@tenon/sampling";
import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import type { Models } from "../models.ts";
import type { Running } from "../running.ts";
import { beamTokens } from "./beam-tokens.ts";
import type {
  DistributionRequest,
  GenerationEnd,
  GenerationEvent,
  GenerationRequest,
  ShownToken,
  StepDistribution,
} from "./generated.ts";
import { authorsSettings } from "./authors-settings.ts";
import { KeptLogits } from "./kept-logits.ts";
import { PacedEvents } from "./paced-events.ts";
import { stepDistribution } from "./step-distribution.ts";
import { textDecoder } from "./text-decoder.ts";
import { namesOf } from "./token-names.ts";
import { onlyTokens, strategyOf, transformsOfSettings } from "./transforms-of-settings.ts";
import { isTranslating, type Writing, writing } from "./writing.ts";

/** How many tokens are told beside the one that came. */
const alternatives = 10;
/** Of how many tokens a distribution is shown. */
const shown = 20;

/** Texts that the open model writes, and the distributions that their tokens come from. */
export class Generation {
  readonly #models: Models;
  readonly #running: Running;
  readonly #kept = new KeptLogits();
  /** What `#kept` belongs to. */
  #of: object | undefined;
  /** What the latest text is written for, by an encoder–decoder. */
  #source = "";

  constructor(models: Models, running: Running) {
    this.#models = models;
    this.#running = running;
  }

  /**
   * Writes a text, telling its tokens as they come, until it ends or `Running.stop` stops it. Throws `ConfigError` for a model that writes nothing, and for a text that it
   * cannot read.
   */
  start(request: GenerationRequest, told: (event: GenerationEvent) => void): Promise<GenerationEnd> {
    return this.#running.start(async (signal) => {
      if (request.from.kind !== "ids") this.#source = request.from.text;
      this.#forgetOthers(true);
      using about = await writing(this.#models.current, request.from, this.#source);
      const { ids, promptLength } = about;
      told({ kind: "begun", ids, promptLength });
      if (request.settings.strategy !== "beam-search") return await this.#stream(about, request, told, signal);
      return await beamTokens(about, request, (ids, logits) => this.#kept.keep(ids, logits), told, signal);
    });
  }

  /** The distribution of the token after `ids`, of the text that was written last; computed again where its logits are not kept any more. */
  async distribution({ ids, promptLength, settings }: DistributionRequest): Promise<StepDistribution> {
    if (ids.length === 0) throw new ConfigError("There is no text yet. Generate one.");
    this.#forgetOthers(false);
    const logits = this.#kept.after(ids) ?? (await this.#running.start(() => this.#compute(ids)));
    const { model, tokenizer, pretrained } = this.#models.current;
    const { vocabulary } = model as { readonly vocabulary: number };
    const transforms = [
      ...onlyTokens(vocabulary, tokenizer!.size),
      ...(isTranslating(model) ? authorsSettings(pretrained).transforms : []),
      ...transformsOfSettings(settings),
    ];
    return stepDistribution(
      logits,
      transforms,
      strategyOf(settings),
      { ids, promptLength },
      namesOf(tokenizer!),
      shown,
    );
  }

  /** The ids that a text would go on from: for its distribution before anything is written. */
  begin(from: GenerationRequest["from"]): Promise<readonly number[]> {
    return this.#running.start(async () => {
      if (from.kind !== "ids") this.#source = from.text;
      this.#forgetOthers(true);
      using about = await writing(this.#models.current, from, this.#source);
      return about.ids;
    });
  }

  async #compute(ids: readonly number[]): Promise<Float32Array> {
    using about = await writing(this.#models.current, { kind: "ids", ids }, this.#source);
    using model = predictor(about.causal);
    const [found] = await model.predict([ids]);
    const [logits] = found!.logits;
    this.#kept.keep(ids, logits!);
    return logits!;
  }

  async #stream(
    about: Writing,
    { settings, maxTokens }: GenerationRequest,
    told: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ): Promise<GenerationEnd> {
    const { causal, tokenizer, ends, transforms } = about;
    const ids = [...about.ids];
    const generation = generate(causal, ids, {
      transforms: [...transforms, ...transformsOfSettings(settings)],
      strategy: strategyOf(settings),
      maxTokens,
      stop: [...ends],
      decoder: textDecoder(tokenizer, ids),
      alternatives: Math.min(alternatives, causal.vocabulary),
      logits: true,
    });
    const paced = new PacedEvents(told);
    for await (const token of generation) {
      this.#kept.keep(ids, token.logits!);
      ids.push(token.id);
      paced.push(shownToken(token, tokenizer));
      if (signal.aborted) break;
    }
    paced.flush();
    const { stopReason, promptTokens, generatedTokens, ...measured } = generation.statistics;
    const { prefillSeconds, prefillTokensPerSecond, decodeTokensPerSecond } = measured;
    return {
      reason: reasonOf(stopReason),
      promptTokens,
      tokens: generatedTokens,
      prefillSeconds,
      prefillTokensPerSecond,
      decodeTokensPerSecond,
    };
  }

  /** Logits of another model, or for another text to read, are of no use. */
  #forgetOthers(begins: boolean): void {
    const { model } = this.#models.current;
    const same = this.#of === model && !(begins && !("next" in model));
    if (!same) this.#kept.clear();
    this.#of = model;
  }
}

const reasonOf = (reason: StopReason | undefined): GenerationEnd["reason"] =>
  reason === "token" || reason === "length" || reason === "context" ? reason : "stopped";

function shownToken({ id, text, logProbability, alternatives }: GeneratedToken, tokenizer: Tokenizer): ShownToken {
  const nameOf = namesOf(tokenizer);
  return {
    id,
    text,
    name: nameOf(id).name,
    probability: Math.exp(logProbability),
    alternatives: alternatives.map(({ id, logProbability }) => ({
      id,
      ...nameOf(id),
      probability: Math.exp(logProbability),
    })),
  };
}
