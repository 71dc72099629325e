import { encodeTensor, serializeSafetensors, type Storage, type TensorData } from "@tenon/checkpoint";
import type { Parameter } from "@tenon/nn";
import { ConfigError, isTenonError, sizeOf } from "@tenon/tensor";

import { configText } from "../config/config-text.ts";
import type { ModelFiles } from "../files/model-files.ts";
import type { WritableFiles } from "../files/writable-files.ts";
import { same, type HostTensor } from "../names/layout.ts";
import { namesOf, type Named, type Naming } from "../names/naming.ts";

/** What one tensor of a checkpoint is made of. */
interface Saved {
  readonly name: string;
  readonly bytes: number;
  /** Which of the tensors that the rule makes it is. */
  readonly named: Named;
  readonly place: number;
}

const widths: Readonly<Record<Storage, number>> = { F32: 4, F16: 2, BF16: 2 };

/**
 * Writes parameters under the names of a family: model.safetensors, or shards of at most so many bytes and last of all their index, without which they are no model.
 *
 * Throws `ConfigError` for a parameter without a name, a size of shards that is none, and an older model.safetensors beside shards; and `CheckpointError` for a number
 * that the storage cannot hold.
 */
export async function saveWeights(
  parameters: ReadonlyMap<string, Parameter>,
  naming: Naming,
  to: WritableFiles,
  storage: Storage,
  shardSize: number,
): Promise<void> {
  const named = namesOf(naming, parameters);
  const covered = new Set(named.flatMap(({ ours }) => ours));
  const nameless = [...parameters.keys()].filter((path) => !covered.has(path));
  if (nameless.length > 0)
    throw new ConfigError(
      `this family has no name for the ${nameless.length === 1 ? "parameter" : "parameters"} ${nameless.join(", ")}`,
      { nameless },
    );
  const all = named.flatMap((one): Saved[] => {
    const shapes = (one.layout ?? same).shapes(one.ours.map((path) => parameters.get(path)!.type.shape));
    return one.theirs.map((name, place) => ({
      name,
      place,
      named: one,
      bytes: sizeOf(shapes[place]!) * widths[storage],
    }));
  });
  const shards = inShards(all, shardSize);
  if (shards.length > 1) await expectNoSingle(to);
  let last: { readonly named: Named; readonly tensors: readonly HostTensor[] } | undefined;
  const encode = async ({ name, place, named }: Saved): Promise<readonly [string, TensorData]> => {
    if (last?.named !== named) last = { named, tensors: await theirsOf(named, parameters) };
    const { shape, values } = last.tensors[place]!;
    return [name, encodeTensor(values, shape, { dtype: storage, name })];
  };
  const map: Record<string, string> = {};
  for (const [i, shard] of shards.entries()) {
    const file =
      shards.length === 1 ? "model.safetensors" : `model-${counted(i + 1)}-of-${counted(shards.length)}.safetensors`;
    const entries: (readonly [string, TensorData])[] = [];
    for (const one of shard) {
      entries.push(await encode(one));
      map[one.name] = file;
    }
    await to.write(file, [serializeSafetensors(entries, { format: "pt" })]);
  }
  if (shards.length > 1) {
    const total_size = all.reduce((sum, { bytes }) => sum + bytes, 0);
    await to.write("model.safetensors.index.json", [text(configText({ metadata: { total_size }, weight_map: map }))]);
  }
}

/** The tensors of a checkpoint that a rule makes of the parameters. */
export async function theirsOf(
  { ours, layout }: Named,
  parameters: ReadonlyMap<string, Parameter>,
): Promise<readonly HostTensor[]> {
  const host = await Promise.all(
    ours.map(async (path) => {
      const parameter = parameters.get(path)!;
      const values = await parameter.host();
      return {
        shape: parameter.type.shape,
        values: values instanceof Float32Array ? values : Float32Array.from(values),
      };
    }),
  );
  return (layout ?? same).save(host);
}

/** A single file comes before shards, whoever loads: an older one beside them would be taken for the model. */
async function expectNoSingle(to: WritableFiles | ModelFiles): Promise<void> {
  if (!("open" in to)) return;
  // Where the folder is not there yet, nothing can be opened.
  const file = await to.open("model.safetensors").catch((error: unknown) => {
    if (!isTenonError(error, "CheckpointError")) throw error;
  });
  if (file === undefined) return;
  await file.close();
  throw new ConfigError(
    `${to.name} holds a model.safetensors already, which would be loaded instead of the shards that are to be written. Delete it, or save to another place.`,
    { folder: to.name },
  );
}

function inShards(all: readonly Saved[], shardSize: number): Saved[][] {
  if (!(shardSize > 0))
    throw new ConfigError(`savePretrained: shardSize must be a number of bytes above 0, got ${shardSize}`, {
      shardSize,
    });
  const shards: Saved[][] = [[]];
  let size = 0;
  for (const one of all) {
    if (size > 0 && size + one.bytes > shardSize) {
      shards.push([]);
      size = 0;
    }
    shards.at(-1)!.push(one);
    size += one.bytes;
  }
  return shards;
}

const counted = (number: number): string => String(number).padStart(5, "0");

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
