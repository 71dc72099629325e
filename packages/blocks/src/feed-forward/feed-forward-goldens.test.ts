import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import type { Activation } from "@tenon/nn";
import { gelu, random, relu, sigmoid, silu, squaredRelu } from "@tenon/tensor";
import { expect, test } from "vitest";

import written from "../../goldens/feed-forward.json" with { type: "json" };
import { GatedMLP } from "./gated-mlp.ts";
import { MLP } from "./mlp.ts";

interface Config {
  readonly kind: "MLP" | "GatedMLP";
  readonly width: number;
  readonly hidden: number;
  readonly activation: string;
  readonly bias: boolean;
}
const activations: Readonly<Record<string, Activation>> = {
  none: (x) => x,
  relu,
  sigmoid,
  silu,
  squaredRelu,
  gelu: (x) => gelu(x),
  geluTanh: (x) => gelu(x, "tanh"),
};
const goldens = written as unknown as readonly PartGolden<Config>[];

test.each(goldens.map((golden) => [golden.name, golden] as const))("agrees with %s", async (_, golden) => {
  await checkGolden(golden, {
    create: ({ kind, activation, ...config }) => {
      const options = { ...config, activation: activations[activation]!, random: random(1) };
      return kind === "MLP" ? new MLP(options) : new GatedMLP(options);
    },
    forward: (part, { x }) => part.forward(x!),
  });
});

test("every form of Shazeer 2020 is among them", () => {
  const gated = goldens.filter(({ config }) => config.kind === "GatedMLP").map(({ config }) => config.activation);
  expect([...new Set(gated)].toSorted()).toEqual(["gelu", "geluTanh", "none", "relu", "sigmoid", "silu"]);
});
