import { Parameter, Part } from "@tenon/nn";
import { cpu, scoped, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { AdamW } from "./adamw.ts";
import type { ParameterGroup } from "./parameter-group.ts";

class Pair extends Part {
  readonly weight: Parameter = new Parameter([2, 1], () => Float32Array.of(1, -2));
  readonly bias: Parameter = new Parameter([2], () => Float32Array.of(0.25, -0.75));
}

/** Weight and bias after one step of rate 0.5 and decay 0.5 with gradients of zero, so that only decay moves them. */
async function decayed(groups: readonly ParameterGroup[]): Promise<number[]> {
  const on = cpu();
  const model = await new Pair().to(on);
  const optimiser = new AdamW(model, { decay: 0.5, groups });
  scoped(() => {
    const gradients = [model.weight, model.bias].map(
      (parameter) => [parameter, tensor([0, 0], parameter.type.shape, on)] as const,
    );
    optimiser.step(new Map(gradients), 0.5);
  });
  return [...(await model.weight.host()), ...(await model.bias.host())];
}
const biases = { matches: (path: string): boolean => path === "bias" };

test("without groups, what has two axes decays", async () => {
  expect(await decayed([])).toEqual([0.75, -1.5, 0.25, -0.75]);
});

test("a group decides on its own parameters, and on nothing that it leaves out", async () => {
  expect(await decayed([{ ...biases, decay: 1 }])).toEqual([0.75, -1.5, 0.125, -0.375]);
  expect(await decayed([{ ...biases, rateFactor: 2 }])).toEqual([0.75, -1.5, 0.25, -0.75]);
  expect(await decayed([{ matches: () => true, rateFactor: 2, decay: undefined }])).toEqual([0.5, -1, 0.25, -0.75]);
});

test("the first group that matches takes a parameter; each is asked for path and parameter", async () => {
  const seen: string[] = [];
  const asks = (path: string, { type }: Parameter): boolean => seen.push(`${path} [${type.shape.join(", ")}]`) < 0;
  const all = { matches: (): boolean => true, decay: 2, rateFactor: 0.5 };
  expect(await decayed([{ ...biases, decay: 1 }, all])).toEqual([0.5, -1, 0.125, -0.375]);
  await expect(decayed([{ matches: asks }, all])).rejects.toThrow("groups[0] takes no parameter");
  expect(seen).toEqual(["weight [2, 1]", "bias [2]"]);
});

test("a group that is none is refused by its place", async () => {
  await expect(decayed([{ ...biases, rateFactor: -1 }])).rejects.toThrow(
    "AdamW: groups[0].rateFactor must be a finite number from 0 up, got -1",
  );
  await expect(decayed([biases, { ...biases, decay: NaN }])).rejects.toThrow(
    "AdamW: groups[1].decay must be a finite number from 0 up, got NaN",
  );
  await expect(decayed([biases, biases])).rejects.toThrow(
    "AdamW: groups[1] takes no parameter: it matches none, or only such that an earlier group takes. Parameters are named like weight, bias; drop the group, or move it up.",
  );
});
