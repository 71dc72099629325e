import { generate, type GenerationStatistics, predictor } from "@tenon/sampling";
import { isTenonError } from "@tenon/tensor";

import type { BackendId } from "../backends/backend-id.ts";
import type { Compared, ComparisonEvent, ComparisonRequest } from "./compared.ts";
import type { Models } from "./models.ts";
import type { Running } from "./running.ts";
import { textDecoder } from "./text/text-decoder.ts";
import { namesOf } from "./text/token-names.ts";
import { type Writing, writing } from "./text/writing.ts";

/** What one backend computed. */
interface Measured {
  readonly name: string;
  readonly logits: readonly Float32Array[];
  readonly text: string;
  readonly statistics: GenerationStatistics;
}

/** How many tokens are generated before time is taken: what a backend compiles on the way is compiled then. */
const warmUp = 3;

/** The same model on several backends. */
export class Comparison {
  readonly #models: Models;
  readonly #running: Running;

  constructor(models: Models, running: Running) {
    this.#models = models;
    this.#running = running;
  }

  /**
   * Lets backends do the same with the open model: one pass over the beginning, for the logits, and a greedy continuation, for the time. Plain JavaScript, which the others are measured by, comes first. In the end the backend that computed
   * before does so again. A backend that fails has the reason in its row. True when there is a row for each, false when it was stopped. Throws `ConfigError` for a model that writes nothing.
   */
  run(request: ComparisonRequest, told: (event: ComparisonEvent) => void): Promise<boolean> {
    return this.#running.start(async (signal) => {
      using about = await this.#writing(request);
      const nameOf = namesOf(about.tokenizer);
      const tokens = about.ids.map((id) => nameOf(id).name);
      told({ kind: "pass", tokens });
      told({ kind: "computing", id: "cpu" });
      const reference = await this.#measured("cpu", request, signal);
      for (const id of request.backends) {
        if (signal.aborted) return false;
        told({ kind: "computing", id });
        const row = await this.#row(id, request, reference, signal);
        if (signal.aborted) return false;
        told({ kind: "row", row });
      }
      return true;
    });
  }

  async #row(id: BackendId, request: ComparisonRequest, reference: Measured, signal: AbortSignal): Promise<Compared> {
    try {
      const measured = id === "cpu" ? reference : await this.#measured(id, request, signal);
      const { name, logits, text, statistics } = measured;
      return {
        id,
        works: true,
        name,
        firstTokenSeconds: statistics.prefillSeconds,
        tokensPerSecond: statistics.decodeTokensPerSecond,
        differences: Float32Array.from(logits, (row, i) => largestDifference(row, reference.logits[i]!)),
        text,
        same: text === reference.text,
      };
    } catch (error) {
      if (!isTenonError(error)) throw error;
      return { id, works: false, reason: error.message };
    }
  }

  #measured(id: BackendId, request: ComparisonRequest, signal: AbortSignal): Promise<Measured> {
    return this.#models.on(id, async ({ backend: { name } }) => {
      using about = await this.#writing(request);
      const logits = await logitsAfterEach(about);
      await continued(about, warmUp, signal);
      return { name, logits, ...(await continued(about, request.tokens, signal)) };
    });
  }

  #writing({ from }: ComparisonRequest): Promise<Writing> {
    return writing(this.#models.current, from, from.kind === "ids" ? "" : from.text);
  }
}

/** The logits [v] after each id of a beginning, of at most as many ids as the model sees at once. */
async function logitsAfterEach({ withinContext: model, ids }: Writing): Promise<readonly Float32Array[]> {
  const seen = ids.slice(-Math.min(ids.length, model.context));
  using one = predictor(model);
  const [found] = await one.predict([seen], { logits: seen.length });
  return found!.logits;
}

async function continued(
  about: Writing,
  maxTokens: number,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly statistics: GenerationStatistics }> {
  const { causal, ids, ends, transforms, tokenizer } = about;
  const generation = generate(causal, ids, {
    maxTokens,
    stop: [...ends],
    transforms,
    decoder: textDecoder(tokenizer, ids),
  });
  let text = "";
  for await (const token of generation) {
    text += token.text;
    if (signal.aborted) break;
  }
  return { text, statistics: generation.statistics };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  let most = 0;
  for (const [i, value] of a.entries()) {
    // What is excluded on both sides does not differ, and ∞ − ∞ is no number.
    if (value !== b[i]) most = Math.max(most, Math.abs(value - b[i]!));
  }
  return most;
}
