// That position schemes fit the heads of an attention, or say why not; whoever makes the attention.
import { MultiHeadAttention } from "@tenon/attention";
import { LearnedPosition, RotaryPosition } from "@tenon/positional";
import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";
import * as z from "zod";

import { refusal, someIds, upload } from "../../test/models.ts";
import { assemble } from "../assemble.ts";
import { gpt } from "../presets.ts";
import type { Kinds } from "./registry.ts";
import { standardKinds } from "./standard.ts";

const sizes = { vocabulary: 13, context: 9, width: 16, layers: 2, heads: 4 };
const say = (change: object, kinds: Kinds = standardKinds): string =>
  refusal(() => assemble({ ...gpt(sizes), ...change }, { kinds }));

test.each(["relative", "t5", "alibi"])("%s adds to scores: linear attention, which forms none, refuses it", (kind) => {
  expect(say({ position: { kind }, attention: { kind: "linear", heads: 4 } })).toBe(
    `ConfigError: spec.position: "${kind}" adds to scores, and the attention of the kind "linear" forms none; choose "rotary", a scheme that is added to the embeddings, or another attention`,
  );
});

test("heads whose width is broken", () => {
  const rotary = { kind: "rotary" };
  const multiHead = { kind: "multi-head", heads: 5 };
  const broken = `ConfigError: spec.position: "rotary" needs heads of whole widths, but with the 5 heads of spec.attention in a width of 16 their turned part is 3.2 wide; choose another number of heads, or widths for them`;
  expect(say({ position: rotary, attention: multiHead })).toBe(broken);
  // The width of the stream is meant, not that of narrow tokens.
  expect(say({ position: rotary, attention: multiHead, tokens: { width: 10 } })).toBe(broken);
  expect(say({ position: rotary, attention: { kind: "latent", heads: 4, latentWidth: 5, headWidth: 3 } })).toContain(
    "with the 4 heads of spec.attention in a width of 16 their turned part is 1.5 wide",
  );
  expect(say({ position: { kind: "relative" }, attention: multiHead })).toContain("their queries are 3.2 wide");
  expect(say({ position: rotary, attention: { kind: "multi-head", heads: 3 } })).toContain("turned part is 5.333 wide");
  // A scheme that asks only how many heads there are leaves the rest to the attention.
  expect(say({ position: { kind: "alibi" }, attention: multiHead })).toContain("MultiHeadAttention: heads 5");
  expect(say({ position: { kind: "t5" }, attention: multiHead })).toContain("MultiHeadAttention: heads 5");
});

/** Multi-query attention, whose option for the heads is called otherwise, and which may say nothing of them. */
const multiQuery = (saying: boolean): Kinds =>
  standardKinds.with("attention", "multi-query", {
    options: z.strictObject({ kind: z.literal("multi-query"), queries: z.int().positive() }),
    build: ({ queries }, { width, position, random }) =>
      new MultiHeadAttention({ width, heads: queries, keyValueHeads: 1, position, random }),
    ...(saying && {
      heads: ({ queries }: { queries: number }, { width }: { readonly width: number }) => {
        const each = width / queries;
        return { count: queries, queryWidth: each, valueWidth: each, turnedWidth: each };
      },
    }),
  });
const strange = { kind: "multi-query", queries: 2 };

test.each(["relative", "t5", "alibi", "rotary"])("%s works with a stranger's attention that says its heads", (kind) => {
  const change = { position: { kind }, attention: strange };
  expect(say(change, multiQuery(true))).toBe("nothing was thrown");
  expect(say(change, multiQuery(false))).toBe(
    `ConfigError: spec.position: "${kind}" needs to know the heads, and the attention of the kind "multi-query" says nothing of them; give that kind a \`heads\` function`,
  );
});

test("and so does an initial scheme that needs them", () => {
  const change = { attention: strange, initial: "t5" };
  expect(say(change, multiQuery(true))).toBe("nothing was thrown");
  expect(say(change, multiQuery(false))).toMatchInlineSnapshot(
    `"ConfigError: spec.initial: the scheme "t5" needs the heads of the model: initialScheme("t5", { heads: … }). The attention of the kind "multi-query" does not say; give that kind a \`heads\` function"`,
  );
});

test("a stranger's scheme may be added to narrow tokens and turn heads of the wide stream", async () => {
  const kinds = standardKinds.with("position", "both", {
    options: z.strictObject({ kind: z.literal("both") }),
    build: (_, { context, width, tokenWidth, random }) => {
      const rotary = new RotaryPosition({ width: width / 4 });
      return { embedding: new LearnedPosition({ context, width: tokenWidth, random }), attention: () => rotary };
    },
  });
  const model = await assemble({ ...gpt(sizes), position: { kind: "both" }, tokens: { width: 6 } }, { kinds }).to(
    cpu(),
  );
  expect(model.forward(upload(someIds(13, 4), 1, model.backend)).shape).toEqual([1, 4, 13]);
});
