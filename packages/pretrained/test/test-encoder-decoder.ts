import { EncoderDecoder } from "@tenon/models";
import { beamSearch, collectBatch, generateBatch, lengthNormalised, type StopWhen } from "@tenon/sampling";
import { ids, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { fromPretrained } from "../src/from-pretrained.ts";
import { expectClose } from "./expect-close.ts";
import { expectedOf, goldenFolder } from "./golden-folder.ts";
import { testResaved } from "./test-resaved.ts";

/** What `encoder_decoder_folder` of goldens/encoder_decoders.py writes. */
export interface ExpectedEncoderDecoder {
  readonly sources: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
  readonly logits: readonly (readonly number[])[];
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
  readonly greedy: readonly (readonly number[])[];
  readonly beams: readonly {
    readonly count: number;
    readonly lengthPenalty: number;
    readonly earlyStopping: boolean | "never";
    readonly ids: readonly (readonly number[])[];
  }[];
}

const stopWhen = new Map<boolean | "never", StopWhen>([
  [false, "unlikely"],
  [true, "enough"],
  ["never", "hopeless"],
]);

/** An encoder–decoder of a golden folder answers as Hugging Face's: logits with padded sources, greedy search and beams; and is saved as it was. */
export function testEncoderDecoder(name: string): void {
  const expected = expectedOf<ExpectedEncoderDecoder>(name);
  const { sources, targets, start, end, tokens } = expected;
  const load = async (): Promise<EncoderDecoder> => {
    const { model } = await fromPretrained(goldenFolder(name));
    if (!(model instanceof EncoderDecoder)) throw new Error(`${name} is no encoder–decoder`);
    return model;
  };
  const upload = (rows: readonly (readonly number[])[], limit: number, { backend }: EncoderDecoder): Tensor =>
    ids(rows.flat(), [rows.length, rows[0]!.length], backend, { limit });

  test(`${name}: logits with padded sources`, async () => {
    const model = await load();
    const lengths = sources.map(({ length }) => length);
    const longest = Math.max(...lengths);
    const padded = sources.map((source) => [...source, ...Array<number>(longest - source.length).fill(0)]);
    const source = upload(padded, model.sourceVocabulary, model);
    const sourceLengths = tensor(lengths, [lengths.length], model.backend, "i32");
    const target = upload(targets, model.vocabulary, model);
    expectClose(await model.forward(source, target, { sourceLengths }).read(), expected.logits.flat());
  });

  test(`${name}: greedy search and beams through the cache`, async () => {
    const model = await load();
    for (const [row, source] of sources.entries()) {
      using encoded = model.encode(upload([source], model.sourceVocabulary, model));
      const options = { maxTokens: tokens, stop: [end] };
      const [greedy] = await collectBatch(generateBatch(encoded, [[start]], options));
      expect(greedy!.ids).toEqual(expected.greedy[row]);
      for (const { count, lengthPenalty, earlyStopping, ids } of expected.beams) {
        const { hypotheses } = await beamSearch(encoded, [start], {
          ...options,
          beams: count,
          score: lengthNormalised(lengthPenalty),
          stopWhen: stopWhen.get(earlyStopping),
        });
        expect(hypotheses[0]!.ids, `${count} beams, early stopping ${earlyStopping}`).toEqual(ids[row]);
      }
    }
  });

  testResaved(name);
}
