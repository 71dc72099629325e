import { expect, test } from "vitest";

import chains from "../../goldens/transform-chains.json" with { type: "json" };
import goldens from "../../goldens/transforms.json" with { type: "json" };
import * as sampling from "../index.ts";
import type { GenerationConfig, LogitsTransform } from "../index.ts";

/** What Hugging Face's processors made of some logits, as the difference. */
interface Run {
  readonly logits: string;
  readonly length: number;
  readonly excluded: readonly number[];
  readonly changed: Readonly<Record<string, number>>;
}

const rows = goldens.logits as Readonly<Record<string, readonly (number | null)[]>>;
const logitsNamed = (name: string): Float32Array => Float32Array.from(rows[name]!, (logit) => logit ?? -Infinity);

function expectRun(transform: LogitsTransform, promptLength: number, run: Run): void {
  const logits = logitsNamed(run.logits);
  const expected = Array.from(logits);
  for (const id of run.excluded) expected[id] = -Infinity;
  for (const [id, logit] of Object.entries(run.changed)) expected[Number(id)] = logit;

  const got = transform.apply(logits, { ids: goldens.ids.slice(0, run.length), promptLength });
  const about = `${transform.name} on ${run.logits}, ${run.length} ids`;
  expect(logits, `${about}: the input`).toEqual(logitsNamed(run.logits));
  expect(got, about).toHaveLength(expected.length);
  for (const [id, want] of expected.entries()) {
    if (want === -Infinity) expect(got[id], `${about}: token ${id}`).toBe(-Infinity);
    // log-probabilities near 0 are differences of larger numbers, so a float32 of those is as close as they can be.
    else
      expect(Math.abs(got[id]! - want), `${about}: token ${id}`).toBeLessThanOrEqual(
        1e-6 * Math.max(1, Math.abs(want)),
      );
  }
}

const makers = sampling as unknown as Readonly<Record<string, (...args: readonly unknown[]) => LogitsTransform>>;

test.each(
  goldens.cases.map((golden) => [`${golden.call}(${JSON.stringify(golden.arguments).slice(1, -1)})`, golden] as const),
)("%s agrees with Hugging Face", (_, { call, arguments: args, runs }) => {
  for (const run of runs) expectRun(makers[call]!(...args), goldens.prompt, run);
});

test("no transform that Hugging Face has, too, is left out", () => {
  const processors = Object.keys(names).length;
  expect(new Set(goldens.cases.map(({ call }) => call))).toEqual(new Set([...Object.values(names), "logitBias"]));
  // MinLength and MinNewTokensLength are one function here.
  expect(new Set(Object.values(names)).size).toBe(processors - 1);
});

const names: Readonly<Record<string, string>> = {
  SequenceBiasLogitsProcessor: "sequenceBias",
  RepetitionPenaltyLogitsProcessor: "repetitionPenalty",
  NoRepeatNGramLogitsProcessor: "noRepeatNGram",
  NoBadWordsLogitsProcessor: "badWords",
  MinLengthLogitsProcessor: "minTokens",
  MinNewTokensLengthLogitsProcessor: "minTokens",
  ForcedBOSTokenLogitsProcessor: "forceFirst",
  ForcedEOSTokenLogitsProcessor: "forceLast",
  ExponentialDecayLengthPenalty: "exponentialDecayLength",
  SuppressTokensLogitsProcessor: "suppress",
  SuppressTokensAtBeginLogitsProcessor: "suppressAtBeginning",
  TemperatureLogitsWarper: "temperature",
  TopKLogitsWarper: "topK",
  TopPLogitsWarper: "topP",
  MinPLogitsWarper: "minP",
  TypicalLogitsWarper: "typical",
  EpsilonLogitsWarper: "epsilonCutoff",
  EtaLogitsWarper: "etaCutoff",
  LogitNormalization: "renormalise",
};

test.each(chains.map((golden) => [JSON.stringify(golden.config), golden.prompt, golden] as const))(
  "transformsOf(%s) with a prompt of %i agrees with Hugging Face, in its order",
  (_, prompt, golden) => {
    const transforms = sampling.transformsOf(golden.config as unknown as GenerationConfig);
    const expected = golden.processors.map((name) => names[name]);
    // There min_new_tokens also sets min_length, so the same tokens are excluded twice.
    const once = expected.filter((name, at) => name !== expected[at - 1]);
    expect(transforms.map(({ name }) => name.slice(0, name.indexOf("(")))).toEqual(once);
    for (const run of golden.steps) expectRun(sampling.chain(...transforms), prompt, run);
  },
);
