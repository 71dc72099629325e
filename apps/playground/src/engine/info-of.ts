import { describe } from "@tenon/models";

import type { ModelInfo } from "./model-info.ts";
import type { OpenModel } from "./opened-model.ts";
import { authorsBeams } from "./text/authors-settings.ts";

/** What the page is told of a model. */
export function infoOf({ name, about, model, tokenizer, trained, pretrained }: OpenModel): ModelInfo {
  const { count, bytes } = describe(model);
  return {
    name,
    about,
    spec: model.spec,
    parameters: count,
    bytes,
    tokenizer: tokenizer && {
      kind: tokenizer.kind,
      size: tokenizer.size,
      mask: tokenizer.special["mask"] === undefined ? undefined : tokenizer.token(tokenizer.special["mask"]),
    },
    chats: pretrained?.tokenizerConfig?.["chat_template"] !== undefined,
    beams: authorsBeams(pretrained),
    trained,
  };
}
