import { CheckpointError } from "@tenon/tensor";

import { damaged } from "./show.ts";

/** The header's bytes as text. Throws `CheckpointError` for what is no UTF-8. */
export function headerText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new CheckpointError(
      `${file}: the header is not valid UTF-8. ${damaged}`,
      { file, expected: "UTF-8", got: "other bytes" },
      { cause },
    );
  }
}
