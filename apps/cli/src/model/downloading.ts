import type { HubOptions } from "@tenon/pretrained";

import { byteCount } from "../output/numbers.ts";
import { progress, type Progress } from "../output/progress.ts";
import type { OutputStream } from "../output/stream.ts";

/** Shows the downloads of a model, one file after the other, until it is disposed. */
export function downloading(
  stream: OutputStream,
): Disposable & { readonly progress: NonNullable<HubOptions["onProgress"]> } {
  let shown: { readonly file: string; readonly bar: Progress } | undefined;
  return {
    progress({ file, loaded, total }) {
      if (shown?.file !== file) {
        shown?.bar.stop();
        shown = { file, bar: progress(stream, total) };
      }
      void shown.bar.update(loaded, `${file}, ${byteCount(loaded)} of ${byteCount(total)}`);
    },
    [Symbol.dispose]: () => shown?.bar.stop(),
  };
}
