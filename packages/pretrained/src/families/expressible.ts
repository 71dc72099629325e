import type { DecoderSpec, EncoderDecoderSpec, EncoderSpec, PartSpec, Spec } from "@tenon/models";
import { ConfigError, type Json } from "@tenon/tensor";

/** The spec, if it is a decoder's whose layers each have parameters of their own. Throws `ConfigError` for another. */
export function decoderOf(family: string, spec: Spec): DecoderSpec {
  if (spec.kind !== "decoder") throw cannot(family, "kind", spec.kind, `"decoder"`);
  if ((spec.layerGroups ?? spec.layers) === spec.layers) return spec;
  throw cannot(family, "layerGroups", spec.layerGroups, "nothing");
}
/** The spec, if it is an encoder's. Throws `ConfigError` for another. */
export function encoderOf(family: string, spec: Spec): EncoderSpec {
  if (spec.kind === "encoder") return spec;
  throw cannot(family, "kind", spec.kind, `"encoder"`);
}

/** The spec, if it is an encoder–decoder's. Throws `ConfigError` for another. */
export function encoderDecoderOf(family: string, spec: Spec): EncoderDecoderSpec {
  if (spec.kind === "encoder-decoder") return spec;
  throw cannot(family, "kind", spec.kind, `"encoder-decoder"`);
}

/** Options of a part, each with the values that a family knows; undefined among them where it may be left out. */
export type Options = Readonly<Record<string, readonly (Json | undefined)[]>>;

/** Throws `ConfigError` unless the part is of the only kind that the family has, and its options have values that the family knows. */
export function partOf(family: string, group: string, part: PartSpec, kind: string, options: Options = {}): void {
  if (part.kind !== kind) throw cannot(family, `${group}.kind`, part.kind, `"${kind}"`);
  for (const [option, allowed] of Object.entries(options)) {
    if (allowed.includes(part[option])) continue;
    throw cannot(
      family,
      `${group}.${option}`,
      part[option],
      allowed.map((value) => (value === undefined ? "nothing" : JSON.stringify(value))).join(" or "),
    );
  }
}

/** What a family cannot express, in one error. */
export function cannot(family: string, key: string, got: Json | undefined, expected: string): ConfigError {
  return new ConfigError(
    `the family "${family}" cannot express this spec: its ${key} is ${JSON.stringify(got)}, of that family ${expected}. Save it as another family, or with saveParameters() in Tenon's own names.`,
    { family, key, expected, got },
  );
}
