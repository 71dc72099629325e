import type { Spec } from "@tenon/models";

/** The models that come with Tenon: see apps/cli/models. */
export type ShippedName = "story-decoder" | "story-encoder";

/** How weights can be kept: 16 bits take half the memory, and are computed with in f32 all the same. */
export type WeightsName = "f32" | "bf16" | "f16";

/** Where a model comes from. */
export type ModelSource =
  | { readonly kind: "shipped"; readonly name: ShippedName }
  /** One that was trained on this page: the name of its run in the browser's storage. */
  | { readonly kind: "saved"; readonly run: string }
  /** Files that were dropped on the page: what `tenon train` or this page saved, a folder of Hugging Face, or a GGUF file. */
  | {
      readonly kind: "files";
      readonly files: readonly File[];
      /** How the matrices of a folder of Hugging Face are kept; f32 unless it is said. */
      readonly weights?: WeightsName;
    }
  /** As it begins, before any training. */
  | { readonly kind: "untrained"; readonly spec: Spec; readonly seed: number };
