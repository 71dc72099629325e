import type { Sublayers } from "../kinds/kind.ts";
import type { Wiring } from "./wiring.ts";

/** What a box holds, which decides its colour. */
export type Look = "embedding" | "norm" | "attention" | "feed-forward" | "head" | "step";

/** A part, or something that is done. */
export interface Box {
  readonly look: Look;
  readonly title: string;
  readonly lines: readonly string[];
  /** Where the spec says what this is: "decoder.attention". */
  readonly saidBy?: string | undefined;
  /** What comes in from beside, besides the stream: "memory [b, s, 16]". */
  readonly input?: string | undefined;
}

/** What the stream passes, from above to below. */
export type Sketch =
  | { readonly box: Box }
  /** Something from beside that is added. */
  | { readonly added: Box }
  | {
      readonly before: readonly Box[];
      readonly branches: readonly (readonly Box[])[];
      readonly after: readonly Box[];
      readonly stream: string | undefined;
    }
  | { readonly frame: string; readonly inside: readonly Sketch[] }
  /** What flows here; `begins` says that it is a stream of its own, to which none leads from above. */
  | { readonly flow: string; readonly begins?: boolean | undefined };

/** The sketch of a block: its connections, with a box for each step and sublayer. */
export function sketchOfBlock(
  wiring: Wiring,
  boxes: {
    readonly step: (step: Wiring[number]["before"]) => Box[];
    readonly sublayer: (name: keyof Sublayers) => Box;
  },
): Sketch[] {
  return wiring.flatMap(({ before, branches, after, stream, joined }): Sketch[] => [
    {
      before: boxes.step(before),
      branches: branches.map((branch) => [...boxes.step(branch.before), boxes.sublayer(branch.sublayer)]),
      after: boxes.step(after),
      stream,
    },
    ...boxes.step(joined).map((box) => ({ box })),
  ]);
}
