import { add, cpu, random, sum } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Conv2d } from "../conv2d.ts";
import { Embedding } from "../embedding.ts";
import { Linear } from "../linear.ts";
import { Part } from "../part.ts";
import { valueAndGrad } from "../value-and-grad.ts";
import { wholeWeight } from "../quantized/use-weight.ts";
import { attachLora, type LoraOptions } from "./attach-lora.ts";

class Small extends Part {
  readonly table: Embedding = new Embedding({ count: 7, width: 32, random: random(1) });
  readonly up: Linear = new Linear({ input: 32, output: 16, random: random(2) });
  readonly down: Linear = new Linear({ input: 16, output: 5, random: random(3), bias: false });
  readonly picture: Conv2d = new Conv2d({ input: 1, output: 1, kernel: 1, random: random(4) });
}
const on = cpu();
const options: LoraOptions = { rank: 2, alpha: 3, targets: ["up.*", "down.weight"], random: random(9) };

test("what cannot be is refused, and nothing has changed then", async () => {
  const model = await new Small().to(on);
  const refusal = async (change: Partial<LoraOptions>): Promise<string> => {
    const error = await attachLora(model, { ...options, ...change }).then(
      () => "nothing was thrown",
      (error: Error) => `${error.name}: ${error.message}`,
    );
    expect([...model.parameters()].every(([path, { frozen }]) => !path.includes("adapter") && !frozen)).toBe(true);
    return error;
  };
  expect(await refusal({ targets: ["up.weight", "dwon.*"] })).toBe(
    'ConfigError: attachLora: no weight that can be adapted fits "dwon.*". They are: table.table, up.weight, down.weight.',
  );
  expect(await refusal({ targets: "picture.weight" })).toBe(
    'ConfigError: attachLora: no weight that can be adapted fits "picture.weight". picture.weight [1, 1, 1, 1] does, but only a matrix that its parts use by timesWeight, rowsOf or wholeWeight can be adapted. They are: table.table, up.weight, down.weight.',
  );
  expect(await refusal({ targets: () => false })).toContain("no weight that can be adapted is chosen by the function.");
  expect(await refusal({ targets: [] })).toBe(
    'ConfigError: attachLora: targets is empty; name weights, such as "**.query.weight"',
  );
  expect(await refusal({ rank: 0 })).toBe("ConfigError: LowRankAdapter: rank must be a whole number from 1 up, got 0");
  expect(await refusal({ alpha: -1 })).toBe(
    "ConfigError: LowRankAdapter: alpha must be a finite number above 0, got -1",
  );
  expect(await refusal({ dropout: 1 })).toContain("Dropout: rate must be at least 0 and below 1, got 1");
  await attachLora(model, options);
  await expect(attachLora(model, { ...options, targets: "**.weight" })).rejects.toThrow(
    "attachLora: up.weight has an adapter already; merge() or detach() that first, or leave this weight out",
  );
  const second = await attachLora(model, { ...options, targets: "table.table" });
  const weights = [model.up.weight, model.down.weight, model.table.table];
  const { gradients } = valueAndGrad(model, () => weights.map((each) => sum(wholeWeight(each))).reduce(add));
  expect(gradients.size).toBe(6); // the adapters of the first are not frozen by the second
  expect(second.weights.size).toBe(1);
});
