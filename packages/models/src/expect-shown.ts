import { ConfigError } from "@tenon/tensor";

import type { Assembled } from "./assemble.ts";

type ModelKind = Assembled["spec"]["kind"];
/** The models of some kinds. */
export type Shown<K extends ModelKind> = Extract<Assembled, { readonly spec: { readonly kind: K } }>;

/** The model, if it is of a kind that a function shows. Throws `ConfigError`, in the function's name, for one that it cannot show yet. */
export function expectShown<K extends ModelKind>(what: string, model: Assembled, shown: readonly K[]): Shown<K> {
  const { kind } = model.spec;
  if (shown.some((each) => each === kind)) return model as Shown<K>;
  const all = new Intl.ListFormat("en").format(shown.map((each) => names[each].many));
  throw new ConfigError(`${what}: it shows ${all}, and this is ${names[kind].one}; describe() lists its parts`, {
    what,
    kind,
  });
}

const recurrent = { one: "a recurrent translator", many: "recurrent translators" };
const names: Readonly<Record<ModelKind, { readonly one: string; readonly many: string }>> = {
  decoder: { one: "a decoder", many: "decoders" },
  encoder: { one: "an encoder", many: "encoders" },
  "encoder-decoder": { one: "an encoder–decoder, of two stacks", many: "encoder–decoders" },
  "image-encoder": { one: "an image encoder, of patches", many: "image encoders" },
  "rnn-encoder-decoder": recurrent,
  "rnn-search": recurrent,
};
