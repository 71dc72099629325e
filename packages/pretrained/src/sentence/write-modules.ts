import { encodeTensor, serializeSafetensors, type Storage, type TensorData } from "@tenon/checkpoint";
import type { Encoder, PoolingName, SentenceLayer } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import type { WritableFiles } from "../files/writable-files.ts";
import { denseConfig } from "./dense-config.ts";
import { poolingConfig } from "./pooling-config.ts";
import type { SentenceSettings } from "./sentence-settings.ts";

/** The parameters that lie in folders of their own, by their paths in the model. */
export const layerPath: RegExp = /^head\.layers\./;

interface Head {
  readonly pooling: PoolingName;
  readonly layers?: readonly SentenceLayer[];
  readonly normalise: boolean;
}

/**
 * Writes what makes the folder of a transformer one of sentence-transformers: modules.json, a folder for each of its modules, the weights of the head's layers, and
 * how texts are to be treated.
 */
export async function writeModules(
  model: Encoder,
  settings: SentenceSettings | undefined,
  to: WritableFiles,
  storage: Storage,
): Promise<void> {
  const { width, head } = model.spec;
  const { pooling, layers = [], normalise } = head as unknown as Head;
  const modules = [
    { kind: "Transformer", path: "" },
    { kind: "Pooling", path: "1_Pooling" },
    ...layers.map((_, i) => ({ kind: "Dense", path: `${i + 2}_Dense` })),
    ...(normalise ? [{ kind: "Normalize", path: `${layers.length + 2}_Normalize` }] : []),
  ];
  const json = (path: string, value: Json): Promise<void> => to.write(path, [text(value)]);
  // Its classes have moved since; every version finds them by these names.
  const type = (kind: string): string => `sentence_transformers.models.${kind}`;
  await json(
    "modules.json",
    modules.map(({ kind, path }, idx) => ({ idx, name: String(idx), path, type: type(kind) })),
  );
  await json("1_Pooling/config.json", poolingConfig(pooling, width));
  for (const [i, layer] of layers.entries()) {
    await json(`${i + 2}_Dense/config.json`, denseConfig(layer, layers[i - 1]?.width ?? width));
    await to.write(`${i + 2}_Dense/model.safetensors`, [await weightsOf(model, i, storage)]);
  }
  const { maxTokens = model.context, lowerCase = false, prompts = {}, defaultPrompt = null } = settings ?? {};
  await json("sentence_bert_config.json", { max_seq_length: maxTokens, do_lower_case: lowerCase });
  await json("config_sentence_transformers.json", { prompts, default_prompt_name: defaultPrompt });
}

async function weightsOf(model: Encoder, layer: number, storage: Storage): Promise<Uint8Array> {
  const tensors: [string, TensorData][] = [];
  for (const name of ["weight", "bias"]) {
    const parameter = model.parameters().get(`head.layers.${layer}.${name}`);
    if (parameter === undefined) continue;
    const values = Float32Array.from(await parameter.host());
    tensors.push([
      `linear.${name}`,
      encodeTensor(values, parameter.type.shape, { dtype: storage, name: `linear.${name}` }),
    ]);
  }
  return serializeSafetensors(tensors, { format: "pt" });
}

const text = (json: Json): Uint8Array => new TextEncoder().encode(`${JSON.stringify(json, undefined, 2)}\n`);
