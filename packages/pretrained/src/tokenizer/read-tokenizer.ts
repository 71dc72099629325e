import { CheckpointError, isTenonError, type Json } from "@tenon/tensor";
import { huggingFaceTokenizer } from "@tenon/tokenizers";

import { Config } from "../config/config.ts";
import type { ModelFiles } from "../files/model-files.ts";
import { readJson, readText } from "../files/read-json.ts";
import type { Pretrained } from "../pretrained.ts";

/**
 * The tokenizer of a folder: tokenizer.json, with the roles of special tokens that tokenizer_config.json and special_tokens_map.json tell. Nothing where there is no
 * tokenizer.json, as with models of images, and old ones, whose tokenizer is other files, which are not read: `AutoTokenizer` of Python, loaded and saved, writes one.
 *
 * Throws `CheckpointError` naming the file for a tokenizer.json that is damaged or asks for what is not known here.
 *
 * @param maxTokens where texts are cut when that is asked for, whatever the file says
 */
export async function readTokenizer(
  files: ModelFiles,
  maxTokens?: number,
): Promise<Pick<Pretrained, "tokenizer" | "tokenizerConfig">> {
  const json = await readJson(files, "tokenizer.json");
  if (json === undefined) return {};
  const file = `${files.name}/tokenizer.json`;
  const beside = async (path: string): Promise<Readonly<Record<string, Json>>> => {
    const values = await readJson(files, path);
    return values === undefined ? {} : new Config(`${files.name}/${path}`, values).values;
  };
  const config = { ...(await beside("special_tokens_map.json")), ...(await beside("tokenizer_config.json")) };
  const template = await readText(files, "chat_template.jinja");
  const tokenizerConfig = template === undefined ? config : { ...config, chat_template: template };
  const { values } = new Config(file, json);
  try {
    if (maxTokens === undefined) return { tokenizer: huggingFaceTokenizer(values, tokenizerConfig), tokenizerConfig };
    const tokenizer = huggingFaceTokenizer({ ...values, ...cutAt(maxTokens) }, tokenizerConfig);
    // Where it cuts is how it is used here; it is saved as it came.
    const { truncation = null, padding = null } = values;
    return {
      tokenizer: { ...tokenizer, toJSON: () => ({ ...tokenizer.toJSON(), truncation, padding }) },
      tokenizerConfig,
    };
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    throw new CheckpointError(`${file} cannot be used: ${error.message}`, { ...error.fields, file }, { cause: error });
  }
}

const cutAt = (max_length: number): Readonly<Record<string, Json>> => ({
  truncation: { direction: "Right", strategy: "LongestFirst", stride: 0, max_length },
  padding: null,
});
