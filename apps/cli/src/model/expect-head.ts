import { ConfigError } from "@tenon/tensor";

import type { LoadedEncoder } from "./load-kind.ts";

/** Throws `ConfigError` unless an encoder ends in a head of this kind. */
export function expectHead({ path, model }: LoadedEncoder, kind: string, cannot: string): void {
  const head = model.spec.head?.kind ?? "masked-language";
  if (head === kind) return;
  throw new ConfigError(
    `${path} ends in a head of the kind "${head}", so it ${cannot}: that takes one of the kind "${kind}". Name another model.`,
    { path, head },
  );
}
