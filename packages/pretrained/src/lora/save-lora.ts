import { encodeTensor, serializeSafetensors, type Storage, type TensorData } from "@tenon/checkpoint";

import { configText } from "../config/config-text.ts";
import type { WritableFiles } from "../files/writable-files.ts";
import type { HostTensor } from "../names/layout.ts";
import type { Pretrained } from "../pretrained.ts";
import { theirsOf } from "../weights/save-weights.ts";
import { joinAdapters, type TheirAdapter } from "./joined-adapters.ts";
import { prefix, weightModules } from "./modules.ts";
import { adaptersToSave, modulesToSave } from "./savable.ts";
import { loraTarget, type LoraNames } from "./target.ts";
import { adapterConfig } from "./write-adapter-config.ts";

/** How adapters are saved. */
export interface SaveLoraOptions extends LoraNames {
  /** What adapter_config.json calls the model that they were trained on: its name on the Hub, or its folder. Default: nothing. */
  readonly base?: string | undefined;
  /** How numbers are stored. Default F32, which loses nothing. */
  readonly storage?: Storage | undefined;
}

/**
 * Saves the LoRA adapters of a model as PEFT does: adapter_config.json and adapter_model.safetensors, which `PeftModel.from_pretrained` and {@link loadLora} read. What is trained
 * beside them, such as a new head, goes with them as `modules_to_save`; the rest of the model is left out.
 *
 * Where the checkpoint joins weights that are several here, such as GPT-2's `c_attn`, their adapters become one that computes the same: of their rank where they share an A, as those
 * that `loadLora` made of one do, and of the sum of their ranks where each has its own.
 *
 * Throws `ConfigError` for a model without adapters, one that PEFT cannot express, such as that of a table, and when no family can express the model.
 *
 * @example
 * ```ts
 * const model = await assemble(llama({ vocabulary: 65, context: 64, width: 16, layers: 2, heads: 4, hidden: 24 })).to(cpu());
 * await attachLora(model, { rank: 2, targets: ["**.query.weight", "**.value.weight"], random: random(1) });
 * const content = new Map<string, Uint8Array>();
 * await saveLora(model, filesInMemory(content), { base: "me/my-llama" });
 * console.log(JSON.parse(new TextDecoder().decode(content.get("adapter_config.json"))).target_modules); // [ 'q_proj', 'v_proj' ]
 * ```
 */
export async function saveLora(
  of: Pretrained["model"] | Pretrained,
  to: WritableFiles,
  { base, storage = "F32", ...names }: SaveLoraOptions = {},
): Promise<void> {
  const { model, naming, architecture } = loraTarget(of, names);
  const parameters = model.parameters();
  const modules = weightModules(naming, parameters);
  const adapters = adaptersToSave(model, modules);
  const whole = modulesToSave(model, naming);
  const adapted = new Map<string, TheirAdapter>();
  const entries: [string, TensorData][] = [];
  const add = (name: string, { shape, values }: HostTensor): void => {
    entries.push([prefix + name, encodeTensor(values, shape, { dtype: storage, name })]);
  };
  for (const [module, { named }] of modules) {
    const ours = named.ours.map((path) => ({
      output: parameters.get(path)!.type.shape[0]!,
      adapter: adapters.get(path),
    }));
    if (ours.every(({ adapter }) => adapter === undefined)) continue;
    const joined = await joinAdapters(named, ours);
    adapted.set(module, joined);
    add(`${module}.lora_A.weight`, joined.a);
    add(`${module}.lora_B.weight`, joined.b);
  }
  for (const named of [...whole.values()].flat()) {
    const tensors = await theirsOf(named, parameters);
    for (const [i, name] of named.theirs.entries()) add(name, tensors[i]!);
  }
  const config = adapterConfig({ adapted, modules, whole: [...whole.keys()], adapters, architecture, base });
  await to.write("adapter_model.safetensors", [serializeSafetensors(entries, { format: "pt" })]);
  await to.write("adapter_config.json", [new TextEncoder().encode(configText(config))]);
}
