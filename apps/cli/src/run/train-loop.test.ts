import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { gpt } from "@tenon/models";
import { cpu } from "@tenon/tensor";
import { characterTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { recordingSession } from "../../test/recording-session.ts";
import { temporaryFolder } from "../../test/tenon.ts";
import { loadModel } from "../model/model-file.ts";
import { fingerprint } from "./data-source.ts";
import { jsonReporter } from "./json-reporter.ts";
import { type Examples, makeRun, type Run } from "./run.ts";
import { trainRun } from "./train-loop.ts";

const data: Examples = { kind: "text", text: "abc".repeat(100) };
const tokenizer = characterTokenizer("abc");
const run = (): Promise<Run> =>
  makeRun(
    {
      spec: { ...gpt({ layers: 1, heads: 1, width: 4, context: 4, vocabulary: tokenizer.size }) },
      tokenizer: { ...tokenizer.toJSON() },
      data: { kind: "file", path: "text" },
      dataHash: fingerprint(data),
      batch: 2,
      accumulate: 1,
      steps: 2,
      rate: 0.01,
      schedule: "constant",
      warmUp: 0,
      optimiser: "adamw",
      weightDecay: 0,
      clip: 1,
      maskRate: 0,
      labelSmoothing: 0,
      evaluateEvery: 2,
      saveEvery: 5,
      seed: 1,
    },
    data,
    cpu(),
  );

test("an evaluation that is made up for when a run goes on is written down, reported, and stands in the model", async () => {
  const folder = await temporaryFolder();
  const { session, said } = recordingSession();
  const reporter = jsonReporter(session.stdout);
  // The signal came in the evaluation after the last step: the step is told without it.
  const whole = await run();
  const cut: Run = {
    ...whole,
    fit: async ({ on, ...around }, signal) => {
      const step: NonNullable<typeof on>["step"] = async ({ step, loss, rate, gradientNorm, tokensPerSecond }) =>
        on?.step?.({ step, loss, rate, gradientNorm, tokensPerSecond });
      return {
        ...(await whole.fit({ ...around, on: { ...on, step, evaluated: undefined } }, signal)),
        ended: "aborted",
      };
    },
  };
  await expect(trainRun(cut, { folder, step: 0, resumed: false }, reporter, session)).rejects.toThrow(
    "Stopped after step 2 of 2; everything is saved. Go on with: tenon train --resume ",
  );
  const again = await run();
  const resumed: Run = {
    ...again,
    fit: async (around, signal) => {
      await around.on?.evaluated?.({ step: 2, scores: { loss: 0.75 }, best: true });
      return again.fit(around, signal);
    },
  };
  await trainRun(resumed, { folder, step: 2, resumed: true }, reporter, session);
  const lines = (await readFile(join(folder, "metrics.jsonl"), "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { heldOutLoss?: number }).heldOutLoss)).toEqual([undefined, 0.75]);
  expect((await loadModel(folder, cpu())).training.heldOut).toEqual({ step: 2, loss: 0.75 });
  expect(said().match(/\{"event":"evaluated".*\}/g)).toEqual(['{"event":"evaluated","step":2,"heldOutLoss":0.75}']);
});
