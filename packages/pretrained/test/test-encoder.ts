import { Encoder } from "@tenon/models";
import { collectSideOutputs } from "@tenon/nn";
import { ids, sizeOf, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { fromPretrained } from "../src/from-pretrained.ts";
import { expectClose } from "./expect-close.ts";
import { expectedOf, goldenFolder } from "./golden-folder.ts";
import { testResaved } from "./test-resaved.ts";

type Rows = readonly (readonly number[])[];

/** What goldens/encoders.py writes: of each prompt the answers for its tokens, or the one for all of it. */
interface ExpectedEncoder {
  readonly prompts: Rows;
  readonly segments: Rows | null;
  /** The result for each token. */
  readonly rows?: Rows;
  /** The result for each sequence. */
  readonly pooled?: Rows;
  /** What the second head of pre-training says of each pair of sentences. */
  readonly sentences?: Rows;
  /** The vectors before the head. */
  readonly vectors?: Rows;
}

/** An encoder of a golden folder answers as Hugging Face's, with padding, and is saved as it was. */
export function testEncoder(name: string): void {
  const { prompts, segments, rows, pooled, sentences, vectors } = expectedOf<ExpectedEncoder>(name);

  test(`${name}: what it answers, with padding`, async () => {
    const { model, architecture } = await fromPretrained(goldenFolder(name));
    if (!(model instanceof Encoder)) throw new Error(`${name} is no encoder`);
    expect(architecture).toBe(name);
    const { backend, vocabulary } = model;
    const longest = Math.max(...prompts.map(({ length }) => length));
    const shape = [prompts.length, longest];
    // What the padding holds is of no matter.
    const padded = (all: Rows, filler: number): number[] =>
      all.flatMap((row) => [...row, ...Array<number>(longest - row.length).fill(filler)]);
    const lengths = prompts.map(({ length }) => length);
    const input = {
      lengths: tensor(lengths, [lengths.length], backend, "i32"),
      segments: segments === null ? undefined : tensor(padded(segments, 0), shape, backend, "i32"),
    };
    const tokens = ids(padded(prompts, 7), shape, backend, { limit: vocabulary });
    const { result, sideOutputs } = collectSideOutputs(() => model.forward(tokens, input));

    const agree = async (found: Tensor, expected: Rows, perToken: boolean): Promise<void> => {
      const values = await found.read();
      const size = sizeOf(found.shape) / prompts.length;
      for (const [i, row] of expected.entries()) {
        const counted = perToken ? (size / longest) * lengths[i]! : size;
        expectClose(values.subarray(i * size, i * size + counted), row);
      }
    };
    if (rows !== undefined) await agree(result, rows, true);
    if (pooled !== undefined) await agree(result, pooled, false);
    if (sentences !== undefined) await agree(sideOutputs[0]!.tensors[0]!, sentences, false);
    if (vectors !== undefined) await agree(model.encode(tokens, input), vectors, true);
    expect(rows ?? pooled ?? vectors).toBeDefined();
  });

  testResaved(name);
}
