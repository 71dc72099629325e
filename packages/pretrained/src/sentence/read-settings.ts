import { Config } from "../config/config.ts";
import type { ModelFiles } from "../files/model-files.ts";
import { readJson } from "../files/read-json.ts";
import { within } from "../files/within.ts";
import type { SentenceSettings } from "./sentence-settings.ts";

/** A tokenizer that knows no limit says so by a number as large as this. */
const unlimited = 1e15;

/** What the settings of a sentence-transformers folder say; `transformer` is the folder of the transformer in it. */
export async function readSettings(files: ModelFiles, transformer: string): Promise<SentenceSettings> {
  const inner = within(files, transformer);
  const own = await configOf(inner, "sentence_bert_config.json");
  const tokenizer = await configOf(inner, "tokenizer_config.json");
  const all = await configOf(files, "config_sentence_transformers.json");
  const longest = own.has("max_seq_length")
    ? own.size("max_seq_length")
    : tokenizer.number("model_max_length", unlimited);
  return {
    maxTokens: longest < unlimited ? longest : undefined,
    lowerCase: own.flag("do_lower_case", false),
    prompts: all.has("prompts") ? promptsOf(all.within("prompts")) : undefined,
    defaultPrompt: all.has("default_prompt_name") ? all.choice("default_prompt_name", namesOf(all)) : undefined,
  };
}

async function configOf(files: ModelFiles, path: string): Promise<Config> {
  return new Config(`${files.name}/${path}`, (await readJson(files, path)) ?? {});
}

/** The names of the prompts, of which one may be the default. */
const namesOf = (all: Config): Record<string, string> =>
  all.has("prompts") ? Object.fromEntries(Object.keys(all.within("prompts").values).map((name) => [name, name])) : {};

const promptsOf = (config: Config): Record<string, string> =>
  Object.fromEntries(Object.keys(config.values).map((name) => [name, config.text(name)]));
