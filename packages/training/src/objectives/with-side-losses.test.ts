import { assemble, type Decoder, type DecoderSpec, gpt } from "@tenon/models";
import { collectSideOutputs, valueAndGrad } from "@tenon/nn";
import { cast, cpu, div, mean, mul, oneHot, random, reshape, softmax, square, sum, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { Batch } from "../data/batch.ts";
import { causalBatches } from "../data/causal-batches.ts";
import { AdamW } from "../optimisers/adamw.ts";
import { constant } from "../schedules/constant.ts";
import { train } from "../train.ts";
import { causalLoss } from "./causal-loss.ts";
import { withSideLosses } from "./with-side-losses.ts";

const [vocabulary, experts] = [12, 4];
const spec: DecoderSpec = {
  ...gpt({ vocabulary, context: 8, width: 8, layers: 1, heads: 2 }),
  feedForward: { kind: "mixture", experts, expertsPerToken: 1, hidden: 8, activation: "silu" },
};
const text = Array.from({ length: 400 }, (_, i) => (i * i) % vocabulary);
const batches = causalBatches({ ids: text, context: 8, batch: 4, random: random(2) });

/** The balance of Switch Transformers as `withRouting` of `@tenon/blocks` has it, E Σ fᵢ pᵢ, and z; of the tokens that the mask lets count. */
function routing<T>(_model: Decoder, body: () => T, { mask }: { readonly mask?: Tensor }) {
  const { result, sideOutputs } = collectSideOutputs(body);
  const [logits, chosen] = sideOutputs[0]!.tensors as [Tensor, Tensor]; // [b, t, E] and [b, t, 1]
  const n = chosen.shape[0]! * chosen.shape[1]!;
  const counts = mask === undefined ? undefined : reshape(cast(mask, "f32"), [n, 1]);
  const averaged = (x: Tensor): Tensor =>
    counts === undefined ? mean(x, 0) : div(sum(mul(x, counts), 0), sum(counts));
  const likely = averaged(softmax(reshape(logits, [n, experts])));
  const load = averaged(oneHot(reshape(chosen, [n]), experts));
  return { result, balance: mul(sum(mul(likely, load)), experts), size: mean(square(logits)), load };
}
const numberIn = async (x: Tensor): Promise<number> => (await x.read())[0]!;

test("adds each loss by its weight, and its gradient", async () => {
  const on = cpu({ precision: "f64" });
  const model = await assemble(spec).to(on);
  const objective = withSideLosses(causalLoss, { measure: routing, weights: { balance: 0.1, size: 10 } });
  const batch = batches(0);
  const { result, balance, size } = routing(model, () => causalLoss(model, batch, on), {});
  const { value, gradients } = valueAndGrad(model, () => objective(model, batch, on));
  expect(await numberIn(value)).toBeCloseTo(
    (await numberIn(result)) + 0.1 * (await numberIn(balance)) + 10 * (await numberIn(size)),
    12,
  );
  const router = model.parameters().get("blocks.0.feedForward.router.weight")!;
  const plain = valueAndGrad(model, () => causalLoss(model, batch, on)).gradients.get(router);
  expect(await gradients.get(router)!.read()).not.toEqual(await plain?.read());
});

test("padding counts for nothing where the batch says what is padding", async () => {
  const on = cpu({ precision: "f64" });
  const model = await assemble(spec).to(on);
  const seen: (readonly number[] | undefined)[] = [];
  const measure = <T>(model: Decoder, body: () => T, options: { readonly mask?: Tensor }) => {
    const { mask } = options;
    if (mask === undefined) seen.push(undefined);
    else expect([mask.dtype, mask.shape]).toEqual(["bool", [4, 8]]);
    return routing(model, body, options);
  };
  const balanceOf = async (batch: Batch): Promise<number> => {
    const loss = withSideLosses(causalLoss, { measure, weights: { balance: 1 } })(model, batch, on);
    return (await numberIn(loss)) - (await numberIn(causalLoss(model, batch, on)));
  };
  const whole = batches(1);
  const lengths = Int32Array.of(8, 3, 1, 6);
  const behind = (i: number): boolean => i % 8 >= lengths[Math.floor(i / 8)]!;
  const other = (id: number, i: number): number => (behind(i) ? (id + 5) % vocabulary : id);
  const [one, another] = [whole.inputs, whole.inputs.map(other)].map((inputs) => ({ ...whole, inputs, lengths }));
  expect(await balanceOf(one!)).toBeCloseTo(await balanceOf(another!), 12);
  expect(await balanceOf(whole)).not.toBeCloseTo(await balanceOf(one!), 5);
  expect(seen).toEqual([undefined]);
});

test("a mixture that is trained with its balance uses its experts more evenly", async () => {
  const most = async (balance: number): Promise<number> => {
    const model = await assemble(spec).to(cpu());
    // It begins with a favourite: the first expert, for all that the tokens have in common.
    const router = model.parameters().get("blocks.0.feedForward.router.weight")!;
    router.assign((await router.host()).map((w, i) => w + (i < 8 ? 0.3 : 0)));
    const run = train({
      ...{ model, batches, steps: 60, random: random(3), schedule: constant(1e-2), optimiser: new AdamW(model) },
      objective: balance === 0 ? causalLoss : withSideLosses(causalLoss, { measure: routing, weights: { balance } }),
    });
    for await (const _ of run);
    const batch = causalBatches({ ids: text, context: 8, batch: 16, random: random(7) })(0);
    const { load } = routing(model, () => causalLoss(model, batch, model.backend), {});
    return Math.max(...(await load.read()));
  };
  const [with_, without] = [await most(0.1), await most(0)];
  expect(with_).toBeLessThan(without - 0.1);
  expect(with_).toBeLessThan(0.45);
});

test("weights that mean nothing are refused", async () => {
  const measure = routing;
  expect(() => withSideLosses(causalLoss, { measure, weights: {} })).toThrow(
    "withSideLosses: no weight is given, so nothing would be added",
  );
  expect(() => withSideLosses(causalLoss, { measure, weights: { balance: 0 } })).toThrow(
    "withSideLosses: the weight of balance must be a finite number above 0, got 0",
  );
  const model = await assemble(spec).to(cpu());
  const loss = (weights: Record<string, number>) =>
    withSideLosses(causalLoss, { measure, weights })(model, batches(0), model.backend);
  expect(() => loss({ balans: 0.01 })).toThrow(
    "withSideLosses: there is a weight for balans, but measure gives balance, size, load",
  );
  expect(() => loss({ result: 1 })).toThrow("there is a weight for result, but measure gives");
});
