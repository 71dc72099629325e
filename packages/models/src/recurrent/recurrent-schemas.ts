import { z } from "zod";

import { size } from "../size.ts";
import type { RnnEncoderDecoderSpec, RnnSearchSpec } from "./recurrent-spec.ts";

const recurrent = {
  version: z.literal(1),
  sourceVocabulary: size,
  vocabulary: size,
  width: size,
  hidden: size,
  readout: size,
  reset: z.enum(["before", "after"]).default("before"),
};
export const rnnEncoderDecoderSchema: z.ZodType<RnnEncoderDecoderSpec> = z.strictObject({
  kind: z.literal("rnn-encoder-decoder"),
  ...recurrent,
});
export const rnnSearchSchema: z.ZodType<RnnSearchSpec> = z.strictObject({
  kind: z.literal("rnn-search"),
  ...recurrent,
  alignment: size,
});
