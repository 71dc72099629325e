import { MultiHeadAttention } from "@tenon/attention";
import { GatedMLP, MLP } from "@tenon/blocks";
import { LayerNorm, RMSNorm } from "@tenon/nn";
import { LearnedPosition, RotaryPosition, SinusoidalPosition } from "@tenon/positional";
import { cpu, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose } from "../../test/models.ts";
import { geluByErf, geluByTanh, silu } from "../../test/reference.ts";
import { assemble } from "../assemble.ts";
import { gpt } from "../presets.ts";

const spec = gpt({ vocabulary: 13, context: 9, width: 16, layers: 1, heads: 4 });
/** The parts of a gpt with some keys changed, by path. */
const partsOf = (change: object) => assemble({ ...spec, ...change } as typeof spec).parts();
const attention = "blocks.0.attention";

test("the options of positions reach them", () => {
  const at = (position: object, path: string) => partsOf({ position }).get(path);
  expect(at({ kind: "none" }, "embedding.position")).toBeUndefined();
  expect(at({ kind: "none" }, `${attention}.position`)).toBeUndefined();
  const learned = at({ kind: "learned" }, "embedding.position") as LearnedPosition;
  expect(learned).toBeInstanceOf(LearnedPosition);
  expect(learned.table.type.shape).toEqual([9, 16]);
  expect(at({ kind: "sinusoidal" }, "embedding.position")).toBeInstanceOf(SinusoidalPosition);
  const rotary = at({ kind: "rotary", base: 50, fraction: 0.5 }, `${attention}.position`) as RotaryPosition;
  expect(rotary).toBeInstanceOf(RotaryPosition);
  expect([rotary.width, rotary.base, rotary.turned, rotary.context]).toEqual([4, 50, 2, 9]);
  const usual = at({ kind: "rotary" }, `${attention}.position`) as RotaryPosition;
  expect([usual.base, usual.turned]).toEqual([10000, 4]);
});

test("all layers share one rotary position, and with it its tables", () => {
  const model = assemble({ ...spec, layers: 3, position: { kind: "rotary" } });
  const positions = [...model.blocks].map((block) => block.parts().get("attention.position"));
  expect(positions[0]).toBeInstanceOf(RotaryPosition);
  expect(new Set(positions).size).toBe(1);
});

test("the options of attention reach it", () => {
  const made = partsOf({ attention: { kind: "multi-head", heads: 8, keyValueHeads: 2, bias: false } }).get(attention);
  expect(made).toBeInstanceOf(MultiHeadAttention);
  const { heads, keyValueHeads, headWidth, query, output } = made as MultiHeadAttention;
  expect([heads, keyValueHeads, headWidth, query.bias, output.bias]).toEqual([8, 2, 2, undefined, undefined]);
  const usual = partsOf({}).get(attention) as MultiHeadAttention;
  expect([usual.heads, usual.keyValueHeads]).toEqual([4, 4]);
  expect(usual.query.bias).toBeDefined();
});

test("the options of norms reach them", () => {
  const at = (norm: object) => partsOf({ norm }).get("norm");
  const layer = at({ kind: "layer-norm", epsilon: 0.5, bias: false }) as LayerNorm;
  expect(layer).toBeInstanceOf(LayerNorm);
  expect([layer.epsilon, layer.bias]).toEqual([0.5, undefined]);
  expect((at({ kind: "layer-norm" }) as LayerNorm).bias).toBeDefined();
  const rms = at({ kind: "rms-norm", epsilon: 0.5 }) as RMSNorm;
  expect(rms).toBeInstanceOf(RMSNorm);
  expect(rms.epsilon).toBe(0.5);
});

const activations: readonly (readonly [name: string, f: (x: number) => number])[] = [
  ["gelu", geluByErf],
  ["gelu-tanh", geluByTanh],
  ["relu", (x) => Math.max(0, x)],
  ["silu", silu],
];

test.each(activations)("the options of feed-forward parts reach them: %s", async (activation, f) => {
  const numbers = [-3, -1, -0.2, 0, 0.5, 2];
  const x = tensor(Float64Array.from(numbers), [6], cpu({ precision: "f64" }));
  for (const [kind, type, bias] of [
    ["mlp", MLP, true],
    ["gated-mlp", GatedMLP, true],
    ["mlp", MLP, false],
  ] as const) {
    const part = partsOf({ feedForward: { kind, hidden: 7, activation, bias } }).get("blocks.0.feedForward");
    expect(part).toBeInstanceOf(type);
    const made = part as MLP | GatedMLP;
    expect(made.up.weight.type.shape).toEqual([7, 16]);
    expect([made.up.bias, made.down.bias].map((one) => one !== undefined)).toEqual([bias, bias]);
    expectClose(await made.activation(x).read(), numbers.map(f), 1e-14);
  }
});

test("the options of residuals reach the model", () => {
  const ends = (residual: object): [string | undefined, boolean] => {
    const parts = partsOf({ residual });
    return [parts.get("blocks.0.attentionResidual")?.constructor.name, parts.has("norm")];
  };
  expect(ends({ kind: "pre-norm" })).toEqual(["PreNorm", true]);
  expect(ends({ kind: "pre-norm", finalNorm: false })).toEqual(["PreNorm", false]);
  expect(ends({ kind: "post-norm" })).toEqual(["PostNorm", false]);
  expect(ends({ kind: "post-norm", finalNorm: true })).toEqual(["PostNorm", true]);
});
