import { BackendError } from "./errors.ts";
import { version } from "./version.ts";

/** What tells one copy of this package from another in the same program. */
export interface Copy {
  readonly version: string;
}

/** Where tensors and backends say which copy they are of. Every copy knows the same symbol. */
export const copyOf: unique symbol = Symbol.for("tenon.tensor.copy") as never;

/** This one. */
export const thisCopy: Copy = { version };

/**
 * Throws `BackendError` for a tensor or a backend that another copy of this package made. Two copies may live side by side, but what they
 * make does not mix: neither sees the other's tensors as such, so they would be in no scope, and differentiated by nobody.
 */
export function expectThisCopy(value: object, where: string): void {
  const other = (value as { [copyOf]?: Copy })[copyOf];
  if (other === undefined || other === thisCopy) return;
  const versions = [thisCopy.version, other.version];
  const which = versions[0] === versions[1] ? `both ${versions[0]}` : versions.join(" and ");
  throw new BackendError(
    `${where}: two copies of @tenon/tensor meet, ${which}. Install one: \`npm ls @tenon/tensor\` shows who asks for which.`,
    { versions },
  );
}
