import { assemble, Decoder, Encoder, type AssembleOptions } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";

/** Assembles a model that the commands know: a decoder or an encoder. Throws `ConfigError` for a spec that cannot be assembled, and for another model. */
export function assembleStack(spec: unknown, options?: AssembleOptions): Decoder | Encoder {
  const model = assemble(spec, options);
  if (model instanceof Decoder || model instanceof Encoder) return model;
  const { kind } = model.spec;
  throw new ConfigError(
    `spec.kind: the commands train and run a "decoder" or an "encoder", got "${kind}"; work with it from a program, by assemble() of @tenon/models`,
    { path: "spec.kind", got: kind },
  );
}
