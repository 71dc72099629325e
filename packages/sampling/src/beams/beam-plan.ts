import { ConfigError } from "@tenon/tensor";
import {
  checkMaxTokens,
  checkModel,
  checkOptions,
  checkPrompt,
  type Limits,
  refuseForSampling,
  sortStops,
} from "../generate/checks.ts";
import type { BeamOptions, StopWhen } from "./beam-options.ts";
import type { BeamScore } from "./beam-score.ts";
import { lengthNormalised } from "./length-normalised.ts";

/** Options that were checked against the model, with their defaults. */
export interface BeamPlan extends Pick<BeamOptions, "constraint" | "decoder" | "signal"> {
  readonly prompt: readonly number[];
  readonly results: number;
  readonly groups: number;
  /** How many beams each group has. */
  readonly size: number;
  readonly diversityPenalty: number;
  readonly transforms: NonNullable<BeamOptions["transforms"]>;
  readonly score: BeamScore;
  readonly stopWhen: StopWhen;
  readonly stopIds: ReadonlySet<number>;
  readonly maxSeconds: number;
  /** The most tokens of a hypothesis, and whether it is the caller or the context that says so. */
  readonly room: number;
  readonly limit: "length" | "context";
}

const optionNames = {
  beams: 0,
  results: 0,
  maxTokens: 0,
  stop: 0,
  transforms: 0,
  constraint: 0,
  score: 0,
  stopWhen: 0,
  groups: 0,
  diversityPenalty: 0,
  decoder: 0,
  signal: 0,
  maxSeconds: 0,
} satisfies Record<keyof BeamOptions, 0>;

/** Options of drawing, here or in other libraries, that somebody may expect to do something. */
const forDrawing = "strategy temperature topK topP minP typicalP random seed doSample".split(" ");

const drawInstead =
  "draw with generate(model, ids, { strategy: sample(random(7)), transforms: [temperature(0.8)] }) instead";

/** Throws `ConfigError` for whatever `beamSearch` could not honour. */
export function planBeams(model: Limits, promptIds: ArrayLike<number>, options: BeamOptions): BeamPlan {
  refuseDrawing(options);
  checkOptions(
    "beamSearch()",
    options,
    optionNames,
    "a length penalty is score: lengthNormalised(alpha), and early stopping is stopWhen.",
  );
  checkModel(model);
  const { beams, results = beams, groups = 1, diversityPenalty, maxTokens = Infinity, maxSeconds = Infinity } = options;
  const { stop = [], transforms = [], score = lengthNormalised(1), stopWhen = "unlikely" } = options;
  const { constraint, decoder, signal } = options;
  checkCount("beams", beams, "of at least 1", Infinity);
  checkCount("results", results, `from 1 to the number of beams, ${beams}`, beams);
  checkGroups(beams, groups, diversityPenalty);
  checkMaxTokens(maxTokens);
  if (!(maxSeconds > 0)) throw new ConfigError(`maxSeconds is a number above 0, got ${maxSeconds}`, { maxSeconds });
  if (!["enough", "unlikely", "hopeless"].includes(stopWhen)) {
    throw new ConfigError(`stopWhen is "enough", "unlikely" or "hopeless", got ${JSON.stringify(stopWhen)}`, {
      stopWhen,
    });
  }
  refuseForSampling(transforms, "a beam search", drawInstead);
  const prompt = checkPrompt(promptIds, model);
  const room = Math.min(maxTokens, model.context - prompt.length + 1);
  if (room === Infinity) {
    throw new ConfigError(
      "A beam search returns when it is through, and this model's context has no limit: say how many tokens a hypothesis may have, as in { maxTokens: 50 }",
    );
  }
  return {
    prompt,
    results,
    groups,
    size: beams / groups,
    diversityPenalty: diversityPenalty ?? 0,
    transforms,
    constraint,
    score,
    stopWhen,
    stopIds: stopIdsOf(stop, model.vocabulary),
    decoder,
    signal,
    maxSeconds,
    room,
    limit: room === maxTokens ? "length" : "context",
  };
}

function refuseDrawing(options: object): void {
  const idle = Object.keys(options).find((name) => forDrawing.includes(name));
  if (idle === undefined) return;
  throw new ConfigError(`${idle} says how to draw, and a beam search draws nothing: leave it out, or ${drawInstead}.`, {
    option: idle,
  });
}

function checkCount(name: string, count: number, range: string, most: number): void {
  if (Number.isSafeInteger(count) && count >= 1 && count <= most) return;
  throw new ConfigError(`${name} is a whole number ${range}, got ${count}`, { [name]: count });
}

function checkGroups(beams: number, groups: number, diversityPenalty: number | undefined): void {
  if (!Number.isSafeInteger(groups) || groups < 1 || beams % groups !== 0) {
    throw new ConfigError(
      `groups is a whole number of at least 1 that divides the ${beams} beams, got ${groups}: each group has as many beams as the others`,
      { beams, groups },
    );
  }
  if (groups === 1 && diversityPenalty === undefined) return;
  if (groups === 1) {
    throw new ConfigError(
      "diversityPenalty keeps groups of beams apart, and there is one group only: divide the beams, as in { beams: 6, groups: 3 }, or leave it out",
      { diversityPenalty },
    );
  }
  if (diversityPenalty === undefined || !Number.isFinite(diversityPenalty) || diversityPenalty <= 0) {
    throw new ConfigError(
      `${groups} groups of beams need a finite diversityPenalty above 0, got ${diversityPenalty}: without one they all find the same`,
      { groups, diversityPenalty },
    );
  }
}

function stopIdsOf(stop: readonly unknown[], vocabulary: number): ReadonlySet<number> {
  const text = stop.find((item) => typeof item === "string");
  if (text !== undefined) {
    throw new ConfigError(
      `A beam search stops at token ids only, got the string ${JSON.stringify(text)}: it may end within a token, and beams are compared token by token. ` +
        "Stop at the id of its last token, or use generate(), which cuts text.",
      { stop: text },
    );
  }
  return sortStops(stop as readonly number[], vocabulary, undefined).stopIds;
}
