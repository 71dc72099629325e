import { readFileSync } from "node:fs";

import { Module, Parameter, valueAndGrad } from "@tenon/nn";
import { cpu, reshape, type Tensor } from "@tenon/tensor";
import { expectNumbers } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import type { Batch, TranslationBatch } from "../data/batch.ts";
import { tokenLoss } from "./token-loss.ts";
import { translationLoss } from "./translation-loss.ts";

interface Golden {
  readonly logits: readonly number[];
  readonly shape: readonly [rows: number, length: number, vocabulary: number];
  readonly targets: readonly number[];
  readonly cases: readonly {
    readonly labelSmoothing: number;
    readonly zLoss: number;
    readonly loss: number;
    readonly gradient: readonly number[];
  }[];
}
const golden = JSON.parse(readFileSync(new URL("../../goldens/token-loss.json", import.meta.url), "utf8")) as Golden;
const [rows, length, vocabulary] = golden.shape;
const on = cpu({ precision: "f64" });

/** Its parameter is its logits. */
class Fixed extends Module<[first: Tensor, second?: unknown], Tensor> {
  readonly vocabulary: number = vocabulary;
  readonly sourceVocabulary: number = vocabulary;
  readonly logits: Parameter = new Parameter(golden.shape, () => Float32Array.from(golden.logits));
  protected override compute(): Tensor {
    return reshape(this.logits.value, golden.shape);
  }
}
const model = await new Fixed().to(on);
const batch: Batch = {
  inputs: new Int32Array(rows * length),
  targets: Int32Array.from(golden.targets),
  shape: [rows, length],
};
const translation: TranslationBatch = { ...batch, source: { inputs: Int32Array.of(0, 0), shape: [rows, 1] } };

test.each(golden.cases)("equals PyTorch: smoothing $labelSmoothing, z-loss $zLoss", async (expected) => {
  const { labelSmoothing, zLoss } = expected;
  const losses = [
    () => tokenLoss({ labelSmoothing, zLoss })(model, batch, on),
    () => translationLoss({ labelSmoothing, zLoss })(model, translation, on),
  ];
  for (const loss of losses) {
    const { value, gradients } = valueAndGrad(model, loss);
    expect((await value.read())[0]).toBeCloseTo(expected.loss, 12);
    expectNumbers(await gradients.get(model.logits)!.read(), expected.gradient, 1e-12, "the gradient");
  }
});

test("what a translator is not told of is refused", () => {
  const objective = translationLoss();
  const marked = { ...translation, documents: new Int32Array(rows * length) };
  expect(() => objective(model, marked, on)).toThrow(
    "translationLoss: the target of the batch has documents, which a translator is not told of; leave them out, with one text to a row",
  );
  const source = { ...translation.source, segments: new Int32Array(rows) };
  expect(() => objective(model, { ...translation, source }, on)).toThrow("the source of the batch has segments");
});

test("options that are none are refused where the loss is made", () => {
  expect(() => tokenLoss({ labelSmoothing: 1 })).toThrow(
    "tokenLoss: labelSmoothing must be at least 0 and below 1, got 1",
  );
  expect(() => translationLoss({ labelSmoothing: -0.1 })).toThrow(
    "translationLoss: labelSmoothing must be at least 0 and below 1, got -0.1",
  );
  expect(() => tokenLoss({ zLoss: -1e-4 })).toThrow("tokenLoss: zLoss must be a finite number from 0 up, got -0.0001");
});
