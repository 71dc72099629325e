import type { ActivationName } from "@tenon/nn";

/** What an image encoder says of the class token: nothing, a vector of its own, or which of some classes it is. */
export type ImageHeadSpec =
  | { readonly kind: "none" }
  | {
      readonly kind: "pooler";
      /** Default: that of the stream. */
      readonly width?: number;
      readonly activation: ActivationName;
    }
  | { readonly kind: "classification"; readonly labels: number };
