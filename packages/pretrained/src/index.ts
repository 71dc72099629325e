export { browserFolder } from "./browser/browser-folder.ts";
export { Config } from "./config/config.ts";
export { families } from "./families/families.ts";
export type { Family } from "./families/family.ts";
export { droppedFiles } from "./files/dropped-files.ts";
export { type Candidate, fillMasks, type FillMasksOptions, type Filling } from "./filling/fill-masks.ts";
export { filesOf } from "./files/files-of.ts";
export { filesInMemory } from "./files/files-in-memory.ts";
export type { ModelFiles } from "./files/model-files.ts";
export type { WritableFiles } from "./files/writable-files.ts";
export { fromPretrained, type FromPretrainedOptions } from "./from-pretrained.ts";
export type { DownloadProgress } from "./hub/download.ts";
export { hub, type HubOptions } from "./hub/hub.ts";
export { tokenizerOfGguf } from "./gguf/tokenizer-of-gguf.ts";
export { fromGguf, type FromGgufOptions, type GgufModel } from "./gguf/from-gguf.ts";

export { imagePreprocessing, type ImagePreprocessing } from "./images/image-preprocessing.ts";
export { pixelValues, type ImagePixels } from "./images/pixel-values.ts";
export { loadLora } from "./lora/load-lora.ts";
export { saveLora, type SaveLoraOptions } from "./lora/save-lora.ts";
export type { LoraNames } from "./lora/target.ts";
export {
  joined,
  joinedByHead,
  joinedTransposed,
  same,
  stacked,
  transposed,
  type HostTensor,
  type Layout,
} from "./names/layout.ts";
export { renamed, type NameRule } from "./names/name-rule.ts";
export type { Pretrained } from "./pretrained.ts";
export { asPretrained } from "./saved/as-pretrained.ts";
export { loadSavedModel, type LoadSavedModelOptions } from "./saved/load-saved-model.ts";
export { originSchema, type Origin } from "./saved/origin.ts";
export { parseSavedModel } from "./saved/parse-saved-model.ts";
export { savedModelBytes } from "./saved/saved-model-bytes.ts";
export type { HeldOut, SavedModel, TextModel, TrainingRecord } from "./saved/saved-model.ts";
export { embedTexts, type EmbedTextsOptions, sentenceEncoder, type SentenceEncoder } from "./sentence/embed-texts.ts";
export type { SentenceSettings } from "./sentence/sentence-settings.ts";
export { savePretrained, type SavePretrainedOptions } from "./save-pretrained.ts";
export type { LoadProgress } from "./weights/load-weights.ts";
