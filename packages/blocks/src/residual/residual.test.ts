import { LayerNorm, trace, withDropout } from "@tenon/nn";
import { add, cpu, layerNorm, mul, random, tensor, zeros, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { PostNorm } from "./post-norm.ts";
import { PreNorm } from "./pre-norm.ts";

const on = cpu({ precision: "f64" });
const x = tensor([1, 2, 4, -3, 0, 5], [1, 2, 3], on);
const double = (y: Tensor): Tensor => mul(y, 2);
const normalised = (y: Tensor): Tensor => layerNorm(y, tensor([1, 1, 1], [3], on), undefined);

test("PreNorm is x + sublayer(norm(x))", async () => {
  const residual = await new PreNorm({ norm: new LayerNorm(3) }).to(on);
  expect(await residual.forward(x, double).read()).toEqual(await add(x, double(normalised(x))).read());
});

test("PostNorm is norm(x + sublayer(x))", async () => {
  const residual = await new PostNorm({ norm: new LayerNorm(3) }).to(on);
  expect(await residual.forward(x, double).read()).toEqual(await normalised(mul(x, 3)).read());
});

test.each([
  ["PreNorm", PreNorm],
  ["PostNorm", PostNorm],
])("%s drops what is added and not the stream, and refuses a bad rate", async (_, Kind) => {
  const residual = await new Kind({ norm: new LayerNorm(3), dropout: 0.5 }).to(on);
  const run = (): Tensor => residual.forward(zeros([1, 2, 3], on), (y) => add(mul(y, 0), 1));
  const { taps } = withDropout(residual, random(1), 0, () => trace(residual, ["added"], run));
  expect(new Set(await taps["added"]![0]!.read())).toEqual(new Set([0, 2]));
  expect(() => new Kind({ norm: new LayerNorm(3), dropout: 1 })).toThrow("rate must be at least 0 and below 1, got 1");
});

test("pre-norm keeps a path on which the stream is never scaled; post-norm does not", async () => {
  const nothing = (y: Tensor): Tensor => mul(y, 0);
  const pre = await new PreNorm({ norm: new LayerNorm(3) }).to(on);
  const post = await new PostNorm({ norm: new LayerNorm(3) }).to(on);
  expect(await pre.forward(x, nothing).read()).toEqual(await x.read());
  expect(await post.forward(x, nothing).read()).toEqual(await normalised(x).read());
});
