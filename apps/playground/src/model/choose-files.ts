import { type ReadonlySignal, signal } from "@preact/signals";

import type { WeightsName } from "../engine/model-source.ts";
import type { FileSize } from "../engine/room.ts";
import { attempt } from "../problems/problem.ts";
import { engine, openModel } from "./session.ts";

/** Files of a large model, which may be opened with 16-bit weights. */
export interface LargeFiles {
  readonly files: readonly File[];
  readonly size: FileSize;
}

/** From how many bytes on it is asked. */
const large = 2 ** 30;

const asked = signal<LargeFiles | undefined>(undefined);
/** The large model about which the visitor is asked. */
export const largeFiles: ReadonlySignal<LargeFiles | undefined> = asked;

/** Opens the model that files are; asks first how its weights are to be kept where they are large. */
export async function openFiles(files: readonly File[]): Promise<void> {
  asked.value = undefined;
  const size = await attempt("The model could not be opened", () => engine().models.measure(files));
  if (size === undefined) return;
  // Of 16-bit weights only a folder of Hugging Face knows; and what is too large in any case is refused with numbers.
  const choice = size.asF32 > large && size.asHalves < size.asF32 && files.some(({ name }) => name === "config.json");
  if (choice && size.asHalves <= size.most) asked.value = { files, size };
  else await openModel({ kind: "files", files });
}

/** What the visitor has answered; nothing, to leave it. */
export async function answer(weights: WeightsName | undefined): Promise<void> {
  const { files } = asked.value!;
  asked.value = undefined;
  if (weights !== undefined) await openModel({ kind: "files", files, weights });
}
