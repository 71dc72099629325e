import { ConfigError } from "@tenon/tensor";

/** Throws a ConfigError unless an option is a whole number from 1 to `most`. */
export function checkWhole(what: string, name: string, value: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > most)
    throw new ConfigError(`${what}: ${name} is a whole number from 1 to ${most}, got ${value}`, { [name]: value });
}
