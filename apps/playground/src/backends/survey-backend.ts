import type { BackendId } from "./backend-id.ts";
import { expectProduct } from "./expect-product.ts";
import { type Computing, makeBackend } from "./make-backend.ts";

/** Whether a backend works in this browser. */
export type Surveyed =
  | { readonly id: BackendId; readonly works: true; /** What it says that it is. */ readonly name: string }
  | { readonly id: BackendId; readonly works: false; readonly reason: string };

/** Starts a backend, lets it multiply, and closes it. What goes wrong is a reason why it does not work, whatever it is. */
export async function surveyBackend(
  id: BackendId,
  make: (id: BackendId) => Promise<Computing> = makeBackend,
): Promise<Surveyed> {
  let computing: Computing | undefined;
  try {
    computing = await make(id);
    await expectProduct(computing.backend);
    return { id, works: true, name: computing.backend.name };
  } catch (error) {
    return { id, works: false, reason: inShort(error instanceof Error ? error.message : String(error)) };
  } finally {
    computing?.close();
  }
}

/** A reason without the name of the backend, which stands beside it, and without what gpu.js advises programmers to do. */
const inShort = (reason: string): string =>
  reason
    .replace(/^gpujs(?: \([^)]*\))?: /, "")
    .replace(/^this mode does not work here: /, "")
    .replace(/ On headless Chromium.*$/s, "");
