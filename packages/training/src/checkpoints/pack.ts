import {
  encodeTensor,
  parseSafetensors,
  type SafetensorsFile,
  saveParameters,
  type StoredTensor,
  type TensorData,
} from "@tenon/checkpoint";
import { CheckpointError, ConfigError, type Json } from "@tenon/tensor";

import type { OptimiserState } from "../optimisers/optimiser.ts";
import { exactJson } from "./exact-json.ts";
import { checkSeal, sealed } from "./seal.ts";
import type { Trained } from "./stateful.ts";

/** Where the record stands in the metadata. */
const recordKey = "tenon.checkpoint";
const version = 1;

/** What a checkpoint's file holds. */
export interface Unpacked {
  readonly step: number;
  readonly parameters: SafetensorsFile;
  readonly optimiser: OptimiserState;
  readonly parts: Readonly<Record<string, OptimiserState>>;
  readonly record: Json;
}

/** The bytes of a checkpoint. The model is not to be trained on before the promise resolves. */
export async function pack({ model, optimiser, parts = {} }: Trained, record: Json): Promise<Uint8Array> {
  const names = Object.keys(parts);
  for (const name of names) if (!/^[a-z][\w-]*$/i.test(name)) throw badName(name);
  const head = exactJson({ version, step: optimiser.steps, parts: names, record });
  const entries: [string, TensorData][] = [];
  const add = (prefix: string, state: OptimiserState): void => {
    for (const [name, { data, shape }] of state) entries.push([`${prefix}.${name}`, encodeTensor(data, shape)]);
  };
  for (const [path, stored] of parseSafetensors(await saveParameters(model)).tensors)
    entries.push([`parameters.${path}`, stored]);
  add("optimiser", await optimiser.state());
  for (const [name, part] of Object.entries(parts)) add(`parts.${name}`, await part.state());
  return sealed(entries, { [recordKey]: head });
}

/** Reads the bytes that {@link pack} made. Throws `CheckpointError`, and {@link NewerVersion} for one that only a later Tenon can read. */
export async function unpack(bytes: Uint8Array, file: string): Promise<Unpacked> {
  const whole = parseSafetensors(bytes, { name: file });
  await checkSeal(bytes, file);
  const text = whole.metadata[recordKey];
  if (text === undefined)
    throw new CheckpointError(`${file} is no checkpoint of a training run: its metadata has no "${recordKey}".`, {
      file,
    });
  // The sum is right, so this is what `pack` wrote.
  const head = JSON.parse(text) as { version: number; step: number; parts: string[]; record: Json };
  if (head.version !== version) throw new NewerVersion(file, head.version);
  return {
    step: head.step,
    parameters: { ...whole, tensors: under(whole, "parameters."), metadata: {} },
    optimiser: arraysOf(under(whole, "optimiser.")),
    parts: Object.fromEntries(head.parts.map((name) => [name, arraysOf(under(whole, `parts.${name}.`))])),
    record: head.record,
  };
}

/** A sound checkpoint of a format that this version does not know. */
export class NewerVersion extends CheckpointError {
  constructor(file: string, got: number) {
    super(
      `${file} has version ${got} of the checkpoint format, and this Tenon reads version ${version}. Update @tenon/training.`,
      { file, expected: version, got },
    );
  }
}

function under(file: SafetensorsFile, prefix: string): Map<string, StoredTensor> {
  const found = new Map<string, StoredTensor>();
  for (const [name, stored] of file.tensors) if (name.startsWith(prefix)) found.set(name.slice(prefix.length), stored);
  return found;
}

function arraysOf(tensors: ReadonlyMap<string, StoredTensor>): OptimiserState {
  return new Map(Array.from(tensors, ([name, stored]) => [name, { shape: stored.shape, data: stored.toFloat32() }]));
}

function badName(name: string): ConfigError {
  return new ConfigError(
    `a checkpoint's part is called ${JSON.stringify(name)}; expected a letter, then letters, digits, - and _`,
    { name },
  );
}
