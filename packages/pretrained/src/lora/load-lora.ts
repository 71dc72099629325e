import { openSafetensors, type TensorOnFile } from "@tenon/checkpoint";
import { attachAdapters, LowRankAdapter, type AdaptedWeight, type Lora, type Parameter } from "@tenon/nn";
import { CheckpointError, random } from "@tenon/tensor";

import { Config } from "../config/config.ts";
import { filesOf } from "../files/files-of.ts";
import type { ModelFiles } from "../files/model-files.ts";
import { readJson } from "../files/read-json.ts";
import { same, type HostTensor } from "../names/layout.ts";
import type { Pretrained } from "../pretrained.ts";
import { readAdapterConfig, type AdapterSettings } from "./adapter-config.ts";
import { cutB } from "./joined-adapters.ts";
import { planAdapters, type PlannedAdapter } from "./plan-adapters.ts";
import { loraTarget, type LoraNames } from "./target.ts";

/**
 * Loads LoRA adapters that PEFT saved, adapter_config.json and adapter_model.safetensors, and attaches them to the model that they were trained on, wherever that lives and whether its
 * weights are held in f32, in 16 bits or in levels. Which weights are adapted is what the file says. Of a weight that the checkpoint joins of several, such as GPT-2's `c_attn`, each
 * gets its rows of B, and they share the A. What was trained beside the adapters (`modules_to_save`), such as a new head, takes the place of the model's own, and stays after
 * `detach`.
 *
 * Throws one `CheckpointError` for all that does not fit, a variant of LoRA that Tenon does not do, and pickled adapters; nothing is attached then.
 *
 * Hu et al. 2021, "LoRA: Low-rank adaptation of large language models".
 *
 * @example
 * ```ts
 * const spec = llama({ vocabulary: 65, context: 64, width: 16, layers: 2, heads: 4, hidden: 24 });
 * const model = await assemble(spec).to(cpu());
 * const files = filesInMemory();
 * await attachLora(model, { rank: 2, targets: "**.query.weight", random: random(1) });
 * await saveLora(model, files);
 * const lora = await loadLora(await assemble(spec).to(cpu()), files);
 * console.log([...lora.weights.keys()]); // [ 'blocks.0.attention.query.weight', 'blocks.1.attention.query.weight' ]
 * ```
 */
export async function loadLora(
  into: Pretrained["model"] | Pretrained,
  source: ModelFiles | string,
  options: LoraNames = {},
): Promise<Lora> {
  const { model, naming } = loraTarget(into, options);
  const files = typeof source === "string" ? await filesOf(source) : source;
  const json = await readJson(files, "adapter_config.json");
  if (json === undefined)
    throw new CheckpointError(
      `${files.name} has no adapter_config.json. Name a folder that save_pretrained() of PEFT or saveLora() of Tenon wrote.`,
      { folder: files.name },
    );
  const settings = readAdapterConfig(new Config(`${files.name}/adapter_config.json`, json));
  const file = await files.open("adapter_model.safetensors");
  if (file === undefined) throw await noAdapters(files);
  try {
    const plan = planAdapters(model, naming, await openSafetensors(file), settings.modulesToSave);
    const parameters = model.parameters();
    const weights: [string, AdaptedWeight][] = [];
    for (const each of plan.adapters) weights.push(...(await adaptersOf(each, settings, parameters)));
    const whole: [Parameter, Float32Array][] = [];
    for (const { named, tensor } of plan.replaced) {
      const own = named.ours.map((path) => parameters.get(path)!);
      const shapes = own.map(({ type }) => type.shape);
      const values = (named.layout ?? same).load([await read(tensor)], shapes);
      own.forEach((parameter, i) => whole.push([parameter, values[i]!.values]));
    }
    const lora = await attachAdapters(model, new Map(weights));
    for (const [parameter, values] of whole) {
      parameter.assign(values);
      parameter.frozen = false;
    }
    return lora;
  } finally {
    await file.close();
  }
}

/** An adapter of theirs as those of the weights of ours that its weight is made of. */
async function adaptersOf(
  { named, called, a, b }: PlannedAdapter,
  { alpha, rankStabilised, dropout }: AdapterSettings,
  parameters: ReadonlyMap<string, Parameter>,
): Promise<[string, AdaptedWeight][]> {
  const own = named.ours.map((path) => [path, parameters.get(path)!] as const);
  const cut = cutB(
    named,
    await read(b),
    own.map(([, { type }]) => type.shape[0]!),
  );
  const values = (await read(a)).values;
  let shared: Parameter | undefined;
  return own.map(([path, weight], i) => {
    const adapter = new LowRankAdapter({
      shape: weight.type.shape as readonly [number, number],
      rank: a.shape[0]!,
      alpha: alpha(called),
      rankStabilised,
      dropout,
      a: shared ?? random(0), // its values come from the file
    });
    if (shared === undefined) adapter.a.assign(values);
    shared = adapter.a;
    adapter.b.assign(cut[i]!.values);
    return [path, { weight, adapter }];
  });
}

async function read(tensor: TensorOnFile): Promise<HostTensor> {
  return { shape: tensor.shape, values: await tensor.readFloat32() };
}

async function noAdapters(files: ModelFiles): Promise<CheckpointError> {
  const pickled = await files.open("adapter_model.bin");
  await pickled?.close();
  return new CheckpointError(
    pickled === undefined
      ? `${files.name} has no adapter_model.safetensors. Name a folder that save_pretrained() of PEFT or saveLora() of Tenon wrote.`
      : `${files.name} has its adapters in adapter_model.bin alone, a Python pickle, which could run any program and is not read. Convert it: load it in Python and save_pretrained() it again, which writes adapter_model.safetensors.`,
    { folder: files.name },
  );
}
