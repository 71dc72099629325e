import { readFileSync } from "node:fs";

import { random, type Tensor } from "@tenon/tensor";
import { expect, test, vi } from "vitest";

import { Linear, Module, Parameter } from "./index.ts";
import type * as Tenon from "./index.ts";
import { version } from "./version.ts";

class Model extends Module<[x: Tensor], Tensor> {
  readonly inside: { readonly layer: unknown };
  constructor(layer: unknown) {
    super();
    this.inside = { layer };
  }
  protected override compute(x: Tensor): Tensor {
    return x;
  }
}

async function otherCopy(theirs = version): Promise<typeof Tenon> {
  vi.resetModules();
  vi.doMock("./version.ts", () => ({ version: theirs }));
  return import("./index.ts");
}

test("the version is that of package.json", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  expect(version).toBe(manifest.version);
});

test("a part and a parameter of another copy are refused, where they would be no part of the model", async () => {
  const other = await otherCopy("9.9.9");
  const options = { input: 1, output: 1, random: random(1) };
  const message =
    `inside.layer: two copies of @tenon/nn meet, ${version} and 9.9.9. ` +
    "Install one: `npm ls @tenon/nn` shows who asks for which.";
  expect([...new Model(new Linear(options)).parameters().keys()]).toEqual(["inside.layer.weight", "inside.layer.bias"]);
  expect(() => new Model(new other.Linear(options)).parameters()).toThrow(message);
  expect(() => new Model(new other.Parameter([1], () => new Float32Array(1))).parts()).toThrow(message);
  expect(new Model(new Parameter([1], () => new Float32Array(1))).parameters().size).toBe(1);
});

test("two copies of one version are named as such", async () => {
  const other = await otherCopy();
  const part = new other.LayerNorm(2);
  expect(() => new Model(part).parameters()).toThrow(`meet, both ${version}. Install`);
});
