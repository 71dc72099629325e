import type { ModelFiles } from "../files/model-files.ts";
import { within } from "../files/within.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { openWeights, type Weights } from "../weights/open-weights.ts";

/** The weights of a transformer and those of the head's layers beside them, which each have a folder of their own: its name begins those of its tensors. */
export async function openSentenceWeights(
  transformer: Weights,
  files: ModelFiles,
  folders: readonly string[],
): Promise<Weights> {
  const opened: Weights[] = [transformer];
  const close = async (): Promise<void> => void (await Promise.all(opened.map((one) => one.close())));
  const tensors = new Map(transformer.tensors);
  try {
    for (const folder of folders) {
      const weights = await openWeights(within(files, folder));
      opened.push(weights);
      for (const [name, tensor] of weights.tensors) tensors.set(`${folder}/${name}`, tensor);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { name: transformer.name, tensors, close };
}

/** What the parameters of the head's layers are called there. */
export const layerNames = (folders: readonly string[]): readonly NameRule[] =>
  folders.flatMap((folder, i) =>
    renamed({
      [`head.layers.${i}.weight`]: `${folder}/linear.weight`,
      [`head.layers.${i}.bias`]: `${folder}/linear.bias`,
    }),
  );
