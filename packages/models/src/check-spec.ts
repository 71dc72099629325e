import { initialSchemeNames } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";
import { z } from "zod";

import type { Kinds } from "./kinds/registry.ts";
import { size } from "./size.ts";
import type { DecoderSpec, EncoderSpec, PartSpec, Spec } from "./spec.ts";
import { mismatch, shown, validate } from "./validate.ts";

// Every layer is built at once: more than this many is a slip of the pen, and would only exhaust the memory.
const layers = z.int().positive().max(10_000).describe("a whole number from 1 up");
// Which kinds there are, and which options each has, is the registry's to say.
const part = z.looseObject({}).describe("an object that says its kind") as unknown as z.ZodType<PartSpec>;
const shared = {
  version: z.literal(1),
  vocabulary: size,
  context: size,
  width: size,
  layers,
  position: part,
  attention: part,
  feedForward: part,
  norm: part,
  residual: part,
  layerGroups: size.exactOptional(),
  dropout: z.number().min(0).lt(1).default(0).describe("a number from 0 up and below 1"),
  tokens: z.strictObject({ width: size.exactOptional(), scaled: z.boolean().exactOptional() }).exactOptional(),
  initial: z.enum([...initialSchemeNames, "deep-norm"]).exactOptional(),
};
const logits = z.strictObject({
  bias: z.boolean().exactOptional(),
  scale: z.number().positive().exactOptional(),
  softCap: z.number().positive().exactOptional(),
});
const decoder: z.ZodType<DecoderSpec> = z.strictObject({
  kind: z.literal("decoder"),
  ...shared,
  tied: z.boolean().default(true),
  logits: logits.exactOptional(),
});
const encoder: z.ZodType<EncoderSpec> = z.strictObject({
  kind: z.literal("encoder"),
  ...shared,
  segments: z.int().min(0).default(0).describe("a whole number from 0 up"),
  embeddingNorm: z.boolean().default(true),
  head: part.default({ kind: "masked-language" }),
});

const groups = ["position", "attention", "feedForward", "norm", "residual"] as const;

/**
 * A spec with every default filled in, from anything. Throws `ConfigError` that says which key, what was expected and what came.
 *
 * @example
 * ```ts
 * const text = JSON.stringify(gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 }));
 * console.log(checkSpec(JSON.parse(text), standardKinds).residual); // { kind: 'pre-norm', finalNorm: true }
 * ```
 */
export function checkSpec(value: unknown, kinds: Kinds): Spec {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`spec: expected an object with the keys kind, version, vocabulary …, got ${shown(value)}`, {
      path: "spec",
    });
  }
  const { kind, version } = value as { kind?: unknown; version?: unknown };
  if (kind !== "decoder" && kind !== "encoder") {
    throw new ConfigError(mismatch("spec.kind", `"decoder" or "encoder"`, kind), { path: "spec.kind", got: kind });
  }
  if (version !== 1 && version !== undefined) {
    const remedy = "this Tenon reads version 1; a newer one may have written the spec";
    throw new ConfigError(`${mismatch("spec.version", "1", version)}; ${remedy}`, {
      path: "spec.version",
      got: version,
    });
  }
  const json = withoutUndefined(value);
  const spec: Spec = kind === "decoder" ? validate(decoder, json, "spec") : validate(encoder, json, "spec");
  expectDividing(spec);
  const parts = Object.fromEntries(groups.map((group) => [group, kinds.check(group, spec[group])]));
  // The schema has filled the head in.
  return spec.kind === "encoder" ? { ...spec, ...parts, head: kinds.check("head", spec.head!) } : { ...spec, ...parts };
}

function expectDividing({ layers, layerGroups = layers }: Spec): void {
  if (layers % layerGroups === 0) return;
  throw new ConfigError(
    `spec.layerGroups: ${layerGroups} groups do not divide ${layers} layers; choose a number that does, or leave it out, and each layer has parameters of its own`,
    { path: "spec.layerGroups", layerGroups, layers },
  );
}

/** A spec is JSON, and in JSON what is undefined is not there. As deep as options are nested: `spec.position.scaling.factor`. */
function withoutUndefined(value: unknown, depth = 3): unknown {
  if (depth === 0 || typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const there = Object.entries(value).filter(([, inside]) => inside !== undefined);
  return Object.fromEntries(there.map(([key, inside]) => [key, withoutUndefined(inside, depth - 1)]));
}
