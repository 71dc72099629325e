import { Command } from "commander";
import { expect, test } from "vitest";

import { addFineTuningOptions, expectFineTuning, type FineTuningFlags, loraOf } from "./fine-tuning.ts";

const parsed = (line: string): Command => addFineTuningOptions(new Command()).parse(line.split(" "), { from: "user" });

test.each([
  [
    "--lora-rank 8 --lora-alpha 16",
    "--lora-rank without --from: adapters are trained beside the weights of a model that has learned something. Give --from too, or leave it out.",
  ],
  [
    "--window 64",
    "--window without --from: a new model has the context that --context says. Give --from too, or leave it out.",
  ],
  [
    "--from lm --lora-alpha 16 --lora-targets **.query.weight",
    "--lora-alpha and --lora-targets without --lora-rank: there are no adapters. Give --lora-rank too, or leave them out.",
  ],
])("%s is refused", (line, message) => {
  expect(() => expectFineTuning(parsed(line))).toThrow(message);
});

test("adapters are of the query and the value unless others are named, and count as they are", () => {
  const lora = (line: string): unknown => {
    const command = parsed(line);
    expectFineTuning(command);
    return loraOf(command.opts<FineTuningFlags>());
  };
  expect(lora("--from lm")).toBeUndefined();
  expect(lora("--from lm --lora-rank 8")).toEqual({
    rank: 8,
    alpha: 8,
    targets: ["**.query.weight", "**.value.weight"],
  });
  expect(lora("--from lm --lora-rank 8 --lora-alpha 4 --lora-targets a.weight,b.*")).toEqual({
    rank: 8,
    alpha: 4,
    targets: ["a.weight", "b.*"],
  });
});
