import { assemble, type AssembleOptions, type Assembled, ImageEncoder } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";

/** What `tenon train` trains: models that read text. */
export type Trainable = Exclude<Assembled, ImageEncoder>;

/** Assembles a model that reads text. Throws `ConfigError` for a spec that cannot be assembled, and for a model of images. */
export function assembleTrainable(spec: unknown, options?: AssembleOptions): Trainable {
  const model = assemble(spec, options);
  if (!(model instanceof ImageEncoder)) return model;
  throw new ConfigError(
    `spec.kind: the commands train models of text, got "${model.spec.kind}"; train it from a program, with @tenon/training`,
    { path: "spec.kind", got: model.spec.kind },
  );
}
