import type { LowRankAdapter } from "@tenon/nn";
import type { Json } from "@tenon/tensor";

import type { TheirAdapter } from "./joined-adapters.ts";
import { directionOf, type WeightModule } from "./modules.ts";

/** What adapter_config.json is told from. */
export interface AdapterConfigOptions {
  /** The adapters as they are saved, by their modules. */
  readonly adapted: ReadonlyMap<string, TheirAdapter>;
  /** All modules of the model that have a weight. */
  readonly modules: ReadonlyMap<string, WeightModule>;
  /** Those that are saved whole. */
  readonly whole: readonly string[];
  /** The adapters as the model has them. */
  readonly adapters: ReadonlyMap<string, LowRankAdapter>;
  readonly architecture: string;
  readonly base: string | undefined;
}

/** The keys of adapter_config.json; those that it leaves out have PEFT's defaults. */
export function adapterConfig(options: AdapterConfigOptions): Readonly<Record<string, Json>> {
  const { adapted, modules, whole, adapters, architecture, base } = options;
  const all = [...adapters.values()];
  const stabilised = all.filter(({ rankStabilised }) => rankStabilised).length;
  const mixed = stabilised > 0 && stabilised < all.length;
  const scaled = new Map(
    [...adapted].map(([module, { a, alpha, scale }]) => {
      const rank = a.shape[0]!;
      return [module, { rank, alpha: mixed ? scale * rank : alpha }] as const;
    }),
  );
  const rank = mostCommon([...scaled.values()].map((one) => one.rank));
  const alpha = mostCommon([...scaled.values()].map((one) => one.alpha));
  const others = (key: "rank" | "alpha", usual: number): Readonly<Record<string, number>> =>
    Object.fromEntries(
      [...scaled].filter(([, one]) => one[key] !== usual).map(([module, one]) => [`^${module}`, one[key]]),
    );
  return {
    peft_type: "LORA",
    base_model_name_or_path: base ?? null,
    task_type: taskOf(architecture, whole),
    inference_mode: true,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: all[0]!.dropout?.rate ?? 0,
    use_rslora: !mixed && stabilised > 0,
    rank_pattern: others("rank", rank),
    alpha_pattern: others("alpha", alpha),
    target_modules: targetsOf([...adapted.keys()], [...modules.keys()]),
    modules_to_save: whole.length === 0 ? null : whole,
    fan_in_fan_out: [...adapted.keys()].some((module) => directionOf(modules.get(module)!.named) === "turned"),
    bias: "none",
  };
}

function mostCommon(values: readonly number[]): number {
  const count = (value: number): number => values.filter((other) => other === value).length;
  return values.reduce((best, value) => (count(value) > count(best) ? value : best));
}

/** The last names of modules, such as `q_proj`, where that means these modules and no other; else their whole names. */
function targetsOf(adapted: readonly string[], all: readonly string[]): string[] {
  const lastOf = (module: string): string => module.slice(module.lastIndexOf(".") + 1);
  const lasts = new Set(adapted.map(lastOf));
  return all.filter((module) => lasts.has(lastOf(module))).length === adapted.length ? [...lasts] : [...adapted];
}

const tasks: Readonly<Record<string, string>> = {
  ForCausalLM: "CAUSAL_LM",
  LMHeadModel: "CAUSAL_LM",
  ForConditionalGeneration: "SEQ_2_SEQ_LM",
  MarianMTModel: "SEQ_2_SEQ_LM",
};
/** Of these PEFT takes it for granted that the head is saved whole. */
const tasksWithHead: Readonly<Record<string, string>> = {
  ForSequenceClassification: "SEQ_CLS",
  ForTokenClassification: "TOKEN_CLS",
};

function taskOf(architecture: string, whole: readonly string[]): string | null {
  const find = (table: Readonly<Record<string, string>>): string | undefined =>
    Object.entries(table).find(([end]) => architecture.endsWith(end))?.[1];
  return find(tasks) ?? (whole.includes("classifier") ? find(tasksWithHead) : undefined) ?? null;
}
