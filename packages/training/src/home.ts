import type { Part } from "@tenon/nn";
import { type Backend, ConfigError } from "@tenon/tensor";

/** The backend that a model's parameters are on. Throws `ConfigError` for a model without any, `BackendError` before `to`. */
export function homeOf(caller: string, model: Part): Backend {
  for (const parameter of model.parameters().values()) return parameter.value.backend;
  throw new ConfigError(`${caller}: the model has no parameters`);
}
