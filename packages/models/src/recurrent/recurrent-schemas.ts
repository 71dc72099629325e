import * as z from "zod";

import { size } from "../size.ts";
import type { RnnEncoderDecoderSpec, RnnSearchSpec } from "./recurrent-spec.ts";

const recurrent = {
  version: z.literal(1).meta({ title: "The version of this format" }),
  sourceVocabulary: size.meta({ title: "How many tokens the source has" }),
  vocabulary: size.meta({ title: "How many tokens the target has" }),
  width: size.meta({ title: "How many numbers stand for one token" }),
  hidden: size.meta({ title: "Width of the states" }),
  readout: size.meta({ title: "Width of the maxout layer that the logits are made from" }),
  reset: z.enum(["before", "after"]).default("before").meta({
    title: "Where the reset gates act: before the candidate's matrix, as in the papers, or after it, as in PyTorch",
  }),
};
export const rnnEncoderDecoderSchema: z.ZodType<RnnEncoderDecoderSpec> = z.strictObject({
  kind: z
    .literal("rnn-encoder-decoder")
    .meta({ title: "A source is read into one vector, and the target is said from it" }),
  ...recurrent,
});
export const rnnSearchSchema: z.ZodType<RnnSearchSpec> = z.strictObject({
  kind: z.literal("rnn-search").meta({ title: "Each token of the target is said with a look at the source" }),
  ...recurrent,
  alignment: size.meta({ title: "Width of the layer that compares a state with a position of the source" }),
});
