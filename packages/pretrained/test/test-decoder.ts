import { Decoder } from "@tenon/models";
import { beamSearch, collectBatch, generateBatch, lengthNormalised } from "@tenon/sampling";
import { ids, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { fromPretrained } from "../src/from-pretrained.ts";
import { expectClose } from "./expect-close.ts";
import { expectedOf, goldenFolder, type ExpectedDecoder } from "./golden-folder.ts";
import { testResaved } from "./test-resaved.ts";

/** A decoder of a golden folder answers as Hugging Face's: logits with padding, greedy search in a batch, beams; and is saved as it was. */
export function testDecoder(name: string): void {
  const expected = expectedOf<ExpectedDecoder>(name);
  const { prompts, end, tokens } = expected;
  const load = async (): Promise<Decoder> => {
    const { model } = await fromPretrained(goldenFolder(name));
    if (!(model instanceof Decoder)) throw new Error(`${name} is no decoder`);
    return model;
  };

  test(`${name}: logits with padding`, async () => {
    const model = await load();
    const longest = Math.max(...prompts.map(({ length }) => length));
    const padded = prompts.flatMap((prompt) => [...prompt, ...Array<number>(longest - prompt.length).fill(0)]);
    const input = ids(padded, [prompts.length, longest], model.backend, { limit: model.vocabulary });
    const lengths = tensor(
      prompts.map(({ length }) => length),
      [prompts.length],
      model.backend,
      "i32",
    );
    const logits = await model.forward(input, { lengths }).read();
    for (const [row, prompt] of prompts.entries()) {
      const begin = row * longest * model.vocabulary;
      expectClose(logits.subarray(begin, begin + prompt.length * model.vocabulary), expected.logits[row]!);
    }
  });

  test(`${name}: greedy search and beams through the cache`, async () => {
    const model = await load();
    const rows = await collectBatch(generateBatch(model, prompts, { maxTokens: tokens, stop: [end] }));
    expect(rows.map((row) => row.ids)).toEqual(expected.greedy);
    const { count, lengthPenalty } = expected.beams;
    for (const [row, prompt] of prompts.entries()) {
      const options = { beams: count, maxTokens: tokens, stop: [end], score: lengthNormalised(lengthPenalty) };
      const { hypotheses } = await beamSearch(model, prompt, options);
      expect(hypotheses[0]!.ids).toEqual(expected.beams.ids[row]);
    }
  });

  testResaved(name);
}
