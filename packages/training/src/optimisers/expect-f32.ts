import type { Parameter } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

/** Throws `ConfigError` for a parameter that is stored otherwise than in f32. `remedy` says the way out. */
export function expectF32(owner: string, path: string, { type: { dtype } }: Parameter, remedy: string): void {
  if (dtype === "f32") return;
  throw new ConfigError(`${owner}: ${path} is stored in ${dtype}, where f32 is expected; ${remedy}`, { path, dtype });
}
