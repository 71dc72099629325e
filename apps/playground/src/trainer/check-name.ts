import { ConfigError } from "@tenon/tensor";

/** Throws `ConfigError` for what cannot name a folder. */
export function checkName(name: string): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,59}$/u.test(name) && !/[ .]$/.test(name)) return;
  throw new ConfigError(
    `a run is named by letters and digits, with spaces, dots, - and _ between them, 60 in all at most, got ${JSON.stringify(name)}. Give it such a name.`,
    { name },
  );
}
