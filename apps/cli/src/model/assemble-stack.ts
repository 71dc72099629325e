import { assemble, EncoderDecoder, type AssembleOptions, type Decoder, type Encoder } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";

/** Assembles the model of a spec. Throws `ConfigError` for a spec that cannot be assembled, and for a model of two sides, which the commands do not know. */
export function assembleStack(spec: unknown, options?: AssembleOptions): Decoder | Encoder {
  const model = assemble(spec, options);
  if (!(model instanceof EncoderDecoder)) return model;
  const { kind } = model.spec;
  throw new ConfigError(
    `spec.kind: the commands train and run a "decoder" or an "encoder", got "${kind}"; work with it from a program, by assemble() of @tenon/models`,
    { path: "spec.kind", got: kind },
  );
}
