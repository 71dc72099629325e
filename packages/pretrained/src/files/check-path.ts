import { CheckpointError } from "@tenon/tensor";

/** Throws `CheckpointError` unless a path is relative, with `/` between folders, and leads nowhere but down: what a file says of others may be an attack. */
export function checkPath(place: string, path: string): void {
  const parts = path.split("/");
  if (parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[\\:\0]/.test(part))) return;
  throw new CheckpointError(
    `${place}: ${JSON.stringify(path)} is no path inside of it, such as "1_Pooling/config.json"`,
    { place, path },
  );
}
