import type { Assembled } from "@tenon/models";
import type { Json } from "@tenon/tensor";
import type { HuggingFaceTokenizer } from "@tenon/tokenizers";

import type { SentenceSettings } from "./sentence/sentence-settings.ts";

/** A model that {@link fromPretrained} made, and what came with it. */
export interface Pretrained {
  readonly model: Assembled;
  /** The `type` of its family. */
  readonly family: string;
  /** The class of Hugging Face that it is the counterpart of, such as "LlamaForCausalLM". */
  readonly architecture: string;
  /** config.json as it was read. */
  readonly config: Readonly<Record<string, Json>>;
  /** Its tokenizer, from tokenizer.json; undefined where there is none, as with models of images. */
  readonly tokenizer?: HuggingFaceTokenizer | undefined;
  /**
   * tokenizer_config.json as it was read, with the template of chat_template.jinja where that is a file of its own: `chatPrompt` of `@tenon/tokenizers/chat` asks
   * for it.
   */
  readonly tokenizerConfig?: Readonly<Record<string, Json>> | undefined;
  /** What a folder of sentence-transformers says of the texts that its model is given; undefined for any other. */
  readonly sentences?: SentenceSettings | undefined;
  /** generation_config.json as it was read: how its authors would have text generated. `transformsOf` of `@tenon/sampling` understands it. */
  readonly generation: Readonly<Record<string, Json>> | undefined;
  /** preprocessor_config.json as it was read: how an image becomes the model's input. `imagePreprocessing` understands it. */
  readonly preprocessor: Readonly<Record<string, Json>> | undefined;
}
