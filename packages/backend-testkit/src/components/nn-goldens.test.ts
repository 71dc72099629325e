import { readFileSync } from "node:fs";

import { activationOf, Conv2d, GroupNorm, LayerNorm, Module, RMSNorm, ScaleNorm } from "@tenon/nn";
import type { ActivationName, Conv2dOptions } from "@tenon/nn";
import { random, type ConvOptions, type HeightWidth, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { checkGolden, type PartGolden } from "./part-golden.ts";

type Layer = Module<[x: Tensor], Tensor>;

/** What another implementation gives, which `packages/nn/goldens/make.py` wrote. @tenon/nn cannot read it by itself: the kit is above it. */
function goldens<C>(file: string, create: (config: C) => Layer, count: number): void {
  const url = new URL(`../../../nn/goldens/${file}.json`, import.meta.url);
  const cases = JSON.parse(readFileSync(url, "utf8")) as readonly PartGolden<C>[];
  describe(`${file}.json`, () => {
    test("the file has its cases", () => expect(cases).toHaveLength(count));
    test.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
      const forward = (part: Layer, { x }: Readonly<Record<string, Tensor>>): Tensor => part.forward(x!);
      await expect(checkGolden(golden, { create, forward })).resolves.toBeUndefined();
    });
  });
}

interface NormConfig {
  readonly kind: "LayerNorm" | "RMSNorm" | "ScaleNorm" | "GroupNorm";
  readonly width: number;
  readonly channels: number;
  readonly groups: number;
  readonly epsilon: number;
}
goldens<NormConfig>(
  "norms",
  ({ kind, ...config }) => {
    if (kind === "GroupNorm") return new GroupNorm(config);
    const norms = { LayerNorm, RMSNorm, ScaleNorm };
    return new norms[kind](config.width, config);
  },
  12,
);

type ConvConfig = { readonly options: Omit<Conv2dOptions, "random">; readonly walk: ConvOptions<HeightWidth> };
goldens<ConvConfig>("conv2d", ({ options, walk }) => new Conv2d({ ...options, random: random(1) }, walk), 7);

class Activated extends Module<[x: Tensor], Tensor> {
  readonly name: ActivationName;
  constructor(name: ActivationName) {
    super();
    this.name = name;
  }
  protected override compute(x: Tensor): Tensor {
    return activationOf(this.name)(x);
  }
}
goldens<{ name: ActivationName }>("activations", ({ name }) => new Activated(name), 13);
