import { chain } from "../transforms/chain.ts";
import { largest } from "../transforms/largest.ts";
import { logSumExp } from "../transforms/log-sum-exp.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import type { Alternative, GeneratedToken } from "./generated-token.ts";
import type { GenerationPlan } from "./generation-plan.ts";
import type { Step } from "./search.ts";
import type { Meter, StopReason } from "./statistics.ts";
import { TextStream } from "./text-stream.ts";

/** One sequence under way, its text and its end: `generate` has one, a batch has several. Its seconds count from here on. */
export class Sequence {
  readonly plan: GenerationPlan;
  readonly meter: Meter;
  /** The prompt's ids and those that were taken since. */
  readonly ids: number[];
  /** All transforms, the constraint first. */
  readonly transform: LogitsTransform;
  readonly #stream: TextStream;
  readonly #begun = performance.now();

  constructor(plan: GenerationPlan, meter: Meter) {
    this.plan = plan;
    this.meter = meter;
    this.ids = [...plan.prompt];
    this.transform = chain(...(plan.followed === undefined ? [] : [plan.followed.transform]), ...plan.transforms);
    this.#stream = new TextStream(plan.decoder, plan.stopTexts, plan.prompt);
  }

  /** Goes on by a token that took so many seconds. Whether it was the last one, the meter knows before anyone sees the token. */
  take(step: Step, seconds: number): GeneratedToken {
    const { plan, meter } = this;
    this.ids.push(step.id);
    meter.token(step.read, seconds);
    const ending = this.#ending(step.id);
    let text = ending === "token" ? "" : this.#stream.push(step.id);
    if (ending !== undefined && !this.#stream.stopped) text += this.#stream.end();
    meter.end(this.#stream.stopped ? "text" : ending);
    return {
      ...tokenOf(step.logits, step.id, plan),
      text,
      step: this.ids.length - plan.prompt.length - 1,
      ...(plan.logits && { logits: step.logits }),
      ...(plan.scores && { scores: step.scores }),
    };
  }

  /** Do these generated ids end by themselves, so that nothing may follow? */
  endedBy(generated: readonly number[]): boolean {
    return this.plan.stopIds.has(generated.at(-1)!) || this.plan.followed?.ended(generated) === true;
  }

  /** Why this token is the last one, its text aside; undefined when it is not. */
  #ending(id: number): StopReason | undefined {
    const { prompt, stopIds, followed, maxTokens, room, maxSeconds } = this.plan;
    const generated = this.ids.length - prompt.length;
    if (stopIds.has(id)) return "token";
    if (followed?.ended(this.ids.slice(prompt.length))) return "constraint";
    if (generated === maxTokens) return "length";
    if (generated === room) return "context";
    return performance.now() - this.#begun >= maxSeconds * 1000 ? "time" : undefined;
  }
}

/** The token and its alternatives under the model's own distribution. */
function tokenOf(
  logits: Float32Array,
  id: number,
  plan: GenerationPlan,
): Pick<GeneratedToken, "id" | "logProbability" | "alternatives"> {
  const normaliser = logSumExp(logits);
  const rate = (one: number): Alternative => ({ id: one, logProbability: logits[one]! - normaliser });
  return { ...rate(id), alternatives: Array.from(largest(logits, plan.alternatives), rate) };
}
