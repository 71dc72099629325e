import type { BackendId } from "../backends/backend-id.ts";
import type { Beginning } from "./text/generated.ts";

/** What backends are compared by. */
export interface ComparisonRequest {
  readonly backends: readonly BackendId[];
  readonly from: Beginning;
  /** How many tokens each of them generates. */
  readonly tokens: number;
}

/** What one backend did. */
export type Compared =
  | {
      readonly id: BackendId;
      readonly works: true;
      readonly name: string;
      readonly firstTokenSeconds: number;
      readonly tokensPerSecond: number;
      /** The largest difference of a logit from plain JavaScript's, for each position of the fixed pass. */
      readonly differences: Float32Array;
      readonly text: string;
      /** Is the text that of plain JavaScript? */
      readonly same: boolean;
    }
  | { readonly id: BackendId; readonly works: false; readonly reason: string };

/** What a comparison is about, and how far it is. */
export type ComparisonEvent =
  | { readonly kind: "pass"; readonly tokens: readonly string[] }
  | { readonly kind: "computing"; readonly id: BackendId }
  | { readonly kind: "row"; readonly row: Compared };
