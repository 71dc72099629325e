import { assemble, type AssembleOptions, ImageEncoder } from "@tenon/models";
import type { TextModel } from "@tenon/pretrained";
import { ConfigError } from "@tenon/tensor";

/** Assembles a model that reads text, which is what `tenon train` trains. Throws `ConfigError` for a spec that cannot be assembled, and for a model of images. */
export function assembleTrainable(spec: unknown, options?: AssembleOptions): TextModel {
  const model = assemble(spec, options);
  if (!(model instanceof ImageEncoder)) return model;
  throw new ConfigError(
    `spec.kind: the commands train models of text, got "${model.spec.kind}"; train it from a program, with @tenon/training`,
    { path: "spec.kind", got: model.spec.kind },
  );
}
