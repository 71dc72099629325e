import type { Assembled } from "@tenon/models";

import type { TextModel } from "./saved-model.ts";

/** Does the model read text? A model of images has no tokenizer that could be saved with it. */
export const isTextModel = (model: Assembled): model is TextModel => model.spec.kind !== "image-encoder";
