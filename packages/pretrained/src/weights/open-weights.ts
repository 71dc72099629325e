import { openSafetensors, type StoredFile, type TensorOnFile } from "@tenon/checkpoint";
import type { QuantizedWeight } from "@tenon/nn";
import { CheckpointError } from "@tenon/tensor";

import { readJson } from "../files/read-json.ts";
import type { ModelFiles } from "../files/model-files.ts";

/** A tensor on a file, which may be stored in levels or in 16 bits. */
export interface WeightOnFile extends Omit<TensorOnFile, "readHalves"> {
  /** Fetches the bits of F16 or BF16 as they are. */
  readHalves?(): Promise<Uint16Array>;
  /** Fetches its levels as they are. */
  readQuantized?(): Promise<QuantizedWeight>;
}

/** The weights of a folder or a file, still there. */
export interface Weights {
  /** What they are called in messages. */
  readonly name: string;
  /** What describes the model that they are for, as messages call it. Default: "its config.json". */
  readonly description?: string | undefined;
  readonly tensors: ReadonlyMap<string, WeightOnFile>;
  /** Closes the files. */
  close(): Promise<void>;
}

const single = "model.safetensors";
const index = `${single}.index.json`;
/** A shard lies beside its index: a name that leads elsewhere is an attack. */
const shardName = /^[\w.-]*\.safetensors$/;

/**
 * Opens the weights of a model: `model.safetensors`, or the shards that `model.safetensors.index.json` names. Of each file only the header is read.
 *
 * Throws `CheckpointError` when there are none (weights that are pickled Python are not read: a pickle can run any program), when a shard is missing, or
 * has other tensors than the index says.
 */
export async function openWeights(files: ModelFiles): Promise<Weights> {
  const opened: StoredFile[] = [];
  const close = async (): Promise<void> => void (await Promise.all(opened.map((file) => file.close())));
  try {
    const file = await files.open(single);
    if (file !== undefined) {
      opened.push(file);
      return { name: file.name, tensors: (await openSafetensors(file)).tensors, close };
    }
    const listing = await readJson(files, index);
    if (listing === undefined) throw await noWeights(files);
    return { name: `${files.name}/${index}`, tensors: await sharded(files, listing, opened), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function sharded(files: ModelFiles, listing: unknown, opened: StoredFile[]): Promise<Map<string, TensorOnFile>> {
  const name = `${files.name}/${index}`;
  const refuse = (problem: string, fields: Record<string, unknown> = {}): never => {
    throw new CheckpointError(`${name}: ${problem}. Download the model again.`, { file: name, ...fields });
  };
  const map = (listing as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null || Array.isArray(map))
    return refuse('its "weight_map" is no object that names a file for each tensor');
  const shards = new Map<string, string[]>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== "string" || !shardName.test(shard))
      refuse(`tensor "${tensor}" is said to be in ${JSON.stringify(shard)}, which is no name of a .safetensors file`, {
        tensor,
      });
    shards.set(shard as string, [...(shards.get(shard as string) ?? []), tensor]);
  }
  const tensors = new Map<string, TensorOnFile>();
  for (const [shard, expected] of shards) {
    const file = await files.open(shard);
    if (file === undefined) return refuse(`the file ${shard} that it names is missing`, { shard });
    opened.push(file);
    const inside = (await openSafetensors(file)).tensors;
    const missing = expected.find((tensor) => !inside.has(tensor));
    if (missing !== undefined) refuse(`${shard} has no tensor "${missing}"`, { shard, tensor: missing });
    const known = new Set(expected);
    for (const [tensor, stored] of inside) {
      if (!known.has(tensor))
        refuse(`${shard} has a tensor "${tensor}" that the index does not name`, { shard, tensor });
      tensors.set(tensor, stored);
    }
  }
  return tensors;
}

async function noWeights(files: ModelFiles): Promise<CheckpointError> {
  for (const pickled of ["pytorch_model.bin", "pytorch_model.bin.index.json"]) {
    const file = await files.open(pickled);
    if (file === undefined) continue;
    await file.close();
    return new CheckpointError(
      `${files.name} has its weights in ${pickled} alone, a Python pickle, which could run any program and is not read. Convert it: load it in Python and save_pretrained() it again, which writes ${single}.`,
      { folder: files.name, got: pickled },
    );
  }
  return new CheckpointError(
    `${files.name} has neither ${single} nor ${index}. Name a folder that save_pretrained() of Hugging Face or savePretrained() of Tenon wrote.`,
    { folder: files.name },
  );
}
