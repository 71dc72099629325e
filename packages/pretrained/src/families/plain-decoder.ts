// What most families of decoders have nothing of; each names what it has beyond that.
import type { DecoderSpec, Spec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import { cannot, partOf, type Options } from "./expressible.ts";

const plain: Options = {
  gate: [undefined],
  headNorm: [undefined, false],
  scale: [undefined],
  sinks: [undefined, false],
  softCap: [undefined],
  windows: [undefined],
};

/** Throws `ConfigError` unless a spec's attention is multi-head attention with nothing unusual but `options`; one that is undefined may have any value. */
export function attentionOf(
  family: string,
  { attention }: DecoderSpec,
  options: Readonly<Record<string, readonly (Json | undefined)[] | undefined>> = {},
): void {
  const checked = Object.entries({ ...plain, ...options } as Options).filter(([, allowed]) => allowed !== undefined);
  partOf(family, "attention", attention, "multi-head", Object.fromEntries(checked));
}

/** That the heads of a spec divide its width among them, as an option of its attention. */
export function dividedWidth({ width, attention }: DecoderSpec): Options {
  return { headWidth: [undefined, width / (attention["heads"] as number)] };
}
/** That each head has keys and values of its own. */
export function ownKeys({ attention }: DecoderSpec): Options {
  return { keyValueHeads: [undefined, attention["heads"]] };
}

type Ends = { readonly [end in "tokens" | "logits"]?: DecoderSpec[end] | undefined };

/** Throws `ConfigError` if something unusual is done to a decoder's tokens or logits. */
export function plainEnds(family: string, { tokens, logits }: Ends): void {
  if (tokens !== undefined) throw cannot(family, "tokens", tokens, "nothing");
  if (logits !== undefined) throw cannot(family, "logits", logits, "nothing");
}
/** Throws `ConfigError` unless a bias is added to a decoder's logits, and nothing else is unusual about them and the tokens. */
export function biasedEnds(family: string, { tokens, logits }: Ends): void {
  plainEnds(family, { tokens });
  if (logits?.bias !== true || logits.scale !== undefined || logits.softCap !== undefined)
    throw cannot(family, "logits", logits, "a bias alone");
}

/** The tensor of the output, which a checkpoint may hold once more where it is that of the tokens. */
export function tiedOutput(output: string, tokens: string): (spec: Spec) => Readonly<Record<string, string>> {
  return (spec) => (spec.kind === "decoder" && spec.tied ? { [output]: tokens } : {});
}
