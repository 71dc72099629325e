import { ConfigError } from "@tenon/tensor";

/** Throws `ConfigError` unless `start … start + count` are places of something that has `length`. */
export function expectInside(what: string, start: number, count: number, length: number): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(count) && start >= 0 && count >= 0 && start + count <= length)
    return;
  throw new ConfigError(`${what}: ${count} from ${start} on are not inside: there are ${length}`, {
    start,
    count,
    length,
  });
}
