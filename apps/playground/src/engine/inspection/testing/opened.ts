import { assemble, type DecoderSpec, type EncoderDecoderSpec, type EncoderSpec } from "@tenon/models";
import { cpu, random, sizeOf } from "@tenon/tensor";
import { byteTokenizer } from "@tenon/tokenizers";

import { Turns } from "../../../workers/turns.ts";
import type { OpenModel } from "../../opened-model.ts";
import { Inspection } from "../inspection.ts";

/** A model that is open, with weights of a size at which every part counts. */
export async function opened(spec: DecoderSpec | EncoderSpec | EncoderDecoderSpec): Promise<OpenModel> {
  const model = assemble(spec);
  for (const [path, parameter] of model.parameters()) {
    const stream = random(1).fork(path);
    const { shape } = parameter.type;
    const middle = path.endsWith("norm.weight") ? 1 : 0;
    const spread = shape.length === 2 ? shape[1]! ** -0.5 : 0.3;
    parameter.assign(Float32Array.from({ length: sizeOf(shape) }, () => middle + spread * stream.normal()));
  }
  await model.to(cpu());
  const tokenizer = byteTokenizer({ special: { mask: "[MASK]", begin: "[BEGIN]", end: "[END]" } });
  return { name: "tiny", about: "", model, tokenizer, trained: false };
}

/** What the page asks, of a model that is open; `open` puts another in its place. */
export function inspecting(first: OpenModel): {
  readonly inspection: Inspection;
  readonly open: (next: OpenModel) => void;
} {
  let current = first;
  const models = {
    get current(): OpenModel {
      return current;
    },
  };
  return { inspection: new Inspection(new Turns(), models), open: (next) => (current = next) };
}

/** Sizes of the models that are looked at: room for all bytes and three special tokens. */
export const sizes = { vocabulary: 260, context: 16, width: 16, layers: 2, heads: 4 } as const;

/** A text of each model: what an encoder–decoder reads, and what it has written. */
export const texts = { text: "Mia ran", written: "so" } as const;
