import { PreNorm, type Block } from "@tenon/blocks";
import type { Module, Norm, Parameter } from "@tenon/nn";
import { add, cpu, mul, scoped, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import * as z from "zod";

import { someCombinations } from "../test/combinations.ts";
import { expectClose, fill, refusal } from "../test/models.ts";
import { counted, expectApart, frames, positionsOf } from "../test/sketches.ts";
import { assemble } from "./assemble.ts";
import { describe as listed } from "./describe.ts";
import { sketchOf } from "./diagram/sketch-of.ts";
import { boxesOf } from "./diagram/text.ts";
import { aroundEachWiring, type Step } from "./diagram/wiring.ts";
import { diagram } from "./diagram.ts";
import { aroundEach } from "./kinds/around-each.ts";
import type { Kind } from "./kinds/kind.ts";
import { standardKinds } from "./kinds/standard.ts";
import { bert, gpt } from "./presets.ts";
import type { PartSpec } from "./spec.ts";

const sizes = { vocabulary: 65, context: 64, width: 8, layers: 8, heads: 2 };
const small = gpt(sizes);

test("a bert in characters", () => {
  expect(`\n${diagram(bert({ ...sizes, layers: 1 })).text}\n`).toMatchInlineSnapshot(`
    "
                   ids [b, t]
      ┌─────────────────┴─────────────────┐
      │ TokenEmbedding                    │
      │ table [65, 8]                     │
      │ 520 parameters                    │
      └─────────────────┬─────────────────┘
                        │   ┌───────────────────────────────────┐
                        │   │ LearnedPosition                   │
                        ⊕───┤ table [64, 8]                     │
                        │   │ 512 parameters                    │
                        │   └───────────────────────────────────┘
                        │   ┌───────────────────────────────────┐
                        │   │ SegmentEmbedding                  │
                        ⊕───┤ table [2, 8]                      │
                        │   │ 16 parameters                     │
                        │   └───────────────────────────────────┘
      ┌─────────────────┴─────────────────┐
      │ LayerNorm                         │
      │ weight, bias [8]                  │
      │ 16 parameters                     │
      └─────────────────┬─────────────────┘
                    [b, t, 8]
    ╭╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 1 block ╌╌╮
    ┆                   ├─────────────────────┐                   ┆
    ┆                   │   ┌─────────────────┴─────────────────┐ ┆
    ┆                   │   │ MultiHeadAttention                │ ┆
    ┆                   │   │ heads 2 · bias                    │ ┆
    ┆                   │   │ query, key, value, output [8, 8]  │ ┆
    ┆                   │   │ 288 parameters                    │ ┆
    ┆                   │   └─────────────────┬─────────────────┘ ┆
    ┆                   ⊕─────────────────────┘                   ┆
    ┆ ┌─────────────────┴─────────────────┐                       ┆
    ┆ │ LayerNorm                         │                       ┆
    ┆ │ weight, bias [8]                  │                       ┆
    ┆ │ 16 parameters                     │                       ┆
    ┆ └─────────────────┬─────────────────┘                       ┆
    ┆                   ├─────────────────────┐                   ┆
    ┆                   │   ┌─────────────────┴─────────────────┐ ┆
    ┆                   │   │ MLP                               │ ┆
    ┆                   │   │ hidden 32 · gelu · bias           │ ┆
    ┆                   │   │ up [32, 8] · down [8, 32]         │ ┆
    ┆                   │   │ 552 parameters                    │ ┆
    ┆                   │   └─────────────────┬─────────────────┘ ┆
    ┆                   ⊕─────────────────────┘                   ┆
    ┆ ┌─────────────────┴─────────────────┐                       ┆
    ┆ │ LayerNorm                         │                       ┆
    ┆ │ weight, bias [8]                  │                       ┆
    ┆ │ 16 parameters                     │                       ┆
    ┆ └─────────────────┬─────────────────┘                       ┆
    ╰╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯
      ┌─────────────────┴─────────────────┐
      │ MaskedLanguageHead                │
      │ gelu                              │
      │ output = embedding.tokens.table   │
      │ transform [8, 8]                  │
      │ 153 parameters                    │
      └─────────────────┬─────────────────┘
                logits [b, t, 65]
    "
  `);
});

const residuals: readonly PartSpec[] = [
  ...standardKinds.names("residual").map((kind) => ({ kind })),
  { kind: "parallel", norms: 2 },
  { kind: "pre-norm", stochasticDepth: 0.2 },
  { kind: "post-norm", stochasticDepth: 0.2 },
  { kind: "parallel", stochasticDepth: 0.2 },
  { kind: "deep-norm", stochasticDepth: 0.2 },
  { kind: "re-zero", stochasticDepth: 0.2 },
  { kind: "layer-scale", stochasticDepth: 0.2 },
];

test.each(residuals)("the wiring that is drawn is the wiring that computes: %j", async (residual) => {
  // At 8 layers the stream of deep-norm weighs exactly 2.
  const model = await assemble({ ...small, residual }).to(cpu({ precision: "f64" }));
  fill(model);
  const [block] = model.blocks as Iterable<Block> as [Block];
  const parts = block.parts();
  const x = tensor(
    Float64Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    [1, 3, 8],
    model.backend,
  );
  const pass = (steps: readonly Step[] | undefined, x: Tensor): Tensor =>
    (steps ?? []).reduce((x, { part, label }) => {
      const found = part === undefined ? undefined : parts.get(part);
      if (label === undefined) return (found as Norm).forward(x);
      if (part === undefined) return x; // what happens in training alone
      const [own] = Object.values(found!).filter((each): each is Parameter => each?.constructor.name === "Parameter");
      return mul(x, own!.value);
    }, x);
  const wired = scoped(() =>
    standardKinds.wiring(model.spec.residual, model.spec)!.reduce((x, { before, branches, after, stream, joined }) => {
      const seen = pass(before, x);
      const given = branches.map((branch) =>
        (parts.get(branch.sublayer) as Module<[x: Tensor], Tensor>).forward(pass(branch.before, seen)),
      );
      const carried = stream === undefined ? x : mul(x, Number(stream.replace("× ", "")));
      return pass(
        joined,
        add(
          carried,
          pass(
            after,
            given.reduce((a, b) => add(a, b)),
          ),
        ),
      );
    }, x),
  );
  expectClose(await wired.read(), await block.forward(x).read(), 1e-12);
});

test.each(someCombinations)("every parameter is in one box, and no box covers another: %s", (_, spec) => {
  const model = assemble(spec);
  const sketch = sketchOf(model, standardKinds);
  const inside = counted(boxesOf(frames(sketch)[0]!.inside));
  const outside = counted(boxesOf(sketch)) - inside;
  expect(outside + spec.layers * inside + positionsOf(model)).toBe(listed(model).count);
  expectApart(sketch);
});

test("the picture says in words what it shows, and depends on nothing outside", () => {
  const model = assemble({ ...small, norm: { kind: "rms-norm" } });
  const { svg } = diagram(model);
  const count = listed(model).count.toLocaleString("en-US");
  expect(svg).toMatch(
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*role="img" aria-labelledby="([\w-]+) ([\w-]+)"/,
  );
  expect(svg).toContain(
    `<title id="tenon-diagram-title">Decoder: 8 layers · width 8 · context 64 · ${count} parameters</title>`,
  );
  expect(svg).toMatch(
    /<desc id="tenon-diagram-description">From above to below: TokenEmbedding, table \[65, 8\], 520 parameters; /,
  );
  expect(svg).toContain("@media (prefers-color-scheme:dark)");
  expect(svg.replace("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|url\(|@import|href|NaN|undefined/);
  // Each tag is closed, in order.
  const open: string[] = [];
  for (const [, end, name, alone] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (end !== "") expect(open.pop()).toBe(name);
    else if (alone === "") open.push(name!);
  }
  expect(open).toEqual([]);
});

test("a box says where the spec says what it is, and so does the frame say how many parameters there are of", () => {
  const keys = (spec: unknown): string[] =>
    [...diagram(spec).svg.matchAll(/data-spec="([^"]*)"/g)].map(([, key]) => key!);
  expect(keys({ ...small, logits: { scale: 2 } })).toEqual([
    ...["vocabulary", "position", "norm", "attention", "norm", "feedForward", "norm", "tied", "logits"],
  ]);
  const narrow = { ...bert(sizes), tokens: { width: 4 }, residual: { kind: "re-zero" }, layerGroups: 2 };
  expect(keys(narrow)).toEqual([
    ...[
      "vocabulary",
      "position",
      "segments",
      "norm",
      "tokens",
      "attention",
      "residual",
      "feedForward",
      "residual",
      "head",
    ],
  ]);
  expect(diagram(narrow).text).toContain(" 8 blocks, 2 sets of parameters ");
});

test("a residual scheme of one's own is one box, until it says its wiring", () => {
  const kind: Kind<"residual"> = {
    options: z.strictObject({ kind: z.literal("my-<norm>") }),
    build: (_, { sublayers, norm }) => aroundEach(sublayers, (place) => new PreNorm({ norm: norm(place) })),
  };
  const spec = { ...small, residual: { kind: "my-<norm>" } };
  const silent = diagram(spec, { kinds: standardKinds.with("residual", "my-<norm>", kind) });
  expect(silent.text).toMatch(/│ TransformerBlock /);
  expect(silent.text).not.toMatch(/LayerNorm|attention\b.*│$/);

  const wiring = () =>
    aroundEachWiring((place) => ({ before: [{ part: `${place}Residual.norm` }], stream: "kept < 1" }));
  const told = diagram(spec, { kinds: standardKinds.with("residual", "my-<norm>", { ...kind, wiring }) });
  expect(told.text).toMatch(/ kept < 1 │ /);
  expect(told.text.match(/LayerNorm/g)).toHaveLength(2);
  expect(told.svg).toContain("kept &lt; 1");
});

test("a model is drawn as its spec is, and what assemble refuses is refused", () => {
  expect(diagram(assemble(small))).toEqual(diagram(small));
  expect(refusal(() => diagram({ ...small, width: 7 }))).toMatch(/^ConfigError: spec\.attention: /);
});
