import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { patch } from "@tenon/nn";
import { concat, keep, reshape, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import written from "../../goldens/recurrent.json" with { type: "json" };
import { assemble } from "../assemble.ts";
import type { RnnEncoderDecoderSpec, RnnSearchSpec } from "./recurrent-spec.ts";
import { RnnEncoderDecoder } from "./rnn-encoder-decoder.ts";
import type { RnnSearch } from "./rnn-search.ts";

type Config = RnnEncoderDecoderSpec | RnnSearchSpec;
const goldens = written as unknown as readonly PartGolden<Config>[];

test("both models are there, by PyTorch's units and by the papers'", () => {
  expect(goldens.map(({ config }) => `${config.kind}, ${config.reset}`)).toEqual([
    "rnn-encoder-decoder, after",
    "rnn-encoder-decoder, before",
    "rnn-search, after",
    "rnn-search, before",
  ]);
});

test.each(goldens.map((golden) => [golden.name, golden] as const))("agrees with %s", async (_, golden) => {
  await checkGolden<Config, RnnEncoderDecoder | RnnSearch>(golden, {
    create: (spec) => (spec.kind === "rnn-search" ? assemble(spec) : assemble(spec)),
    forward: (model, { source, target, lengths }) => {
      const run = (): Tensor => model.forward(source!, target!, { sourceLengths: lengths });
      if (model instanceof RnnEncoderDecoder) return { logits: run() };
      const rows: Tensor[] = [];
      const see = (x: Tensor): Tensor => {
        rows.push(keep(reshape(x, [x.shape[0]!, 1, x.shape[3]!]))); // [b, 1, 1, s] → [b, 1, s]
        return x;
      };
      const logits = patch(model, { "attention.pattern": see }, run);
      return { logits, alignment: concat(rows, 1) };
    },
  });
});
