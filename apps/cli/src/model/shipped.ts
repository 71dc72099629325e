import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { ConfigError } from "@tenon/tensor";

/** The models that come with Tenon. */
export type ShippedModel = "story-decoder" | "story-encoder";

/** The file of a model that comes with Tenon. Throws `ConfigError` when it is missing. */
export function shippedModel(name: ShippedModel): string {
  // The same from `src` and from `dist`.
  const path = fileURLToPath(new URL(`../../models/${name}.safetensors`, import.meta.url));
  if (existsSync(path)) return path;
  const kind = name === "story-decoder" ? "decoder" : "encoder";
  throw new ConfigError(
    `the model that comes with Tenon is not there: ${path} is missing. Restore it, or train one (\`tenon train --model ${kind}\`) and name it with --model.`,
    { file: path },
  );
}
