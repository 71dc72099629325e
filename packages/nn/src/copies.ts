import { ConfigError } from "@tenon/tensor";

import { version } from "./version.ts";

/** What tells one copy of this package from another in the same program. */
export interface Copy {
  readonly version: string;
}

/** Where parts and parameters say which copy they are of. Every copy knows the same symbol. */
export const copyOf: unique symbol = Symbol.for("tenon.nn.copy") as never;

/** This one. */
export const thisCopy: Copy = { version };

/**
 * Throws `ConfigError` for a part or a parameter that another copy of this package made: here it would be no part of the model, so that it
 * would be neither placed nor trained nor saved, and nobody would say so.
 */
export function expectThisCopy(value: object, path: string): void {
  const other = (value as { [copyOf]?: Copy })[copyOf];
  if (other === undefined || other === thisCopy) return;
  const versions = [thisCopy.version, other.version];
  const which = versions[0] === versions[1] ? `both ${versions[0]}` : versions.join(" and ");
  throw new ConfigError(
    `${path}: two copies of @tenon/nn meet, ${which}. Install one: \`npm ls @tenon/nn\` shows who asks for which.`,
    { path, versions },
  );
}
