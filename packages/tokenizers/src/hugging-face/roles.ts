import { ConfigError } from "@tenon/tensor";
import { kindOf } from "../check.ts";
import type { PostProcessor } from "./frame/post-processor.ts";
import type { Names } from "./names.ts";

/** The roles of special tokens by the keys of tokenizer_config.json and special_tokens_map.json. */
const roles = {
  pad_token: "pad",
  mask_token: "mask",
  unk_token: "unknown",
  bos_token: "begin",
  eos_token: "end",
  cls_token: "classification",
  sep_token: "separator",
} as const;

/**
 * The ids of the special tokens by role: what tokenizer.json shows (the token for the unknown, the one that pads, those that frame a text), and over
 * it what the config names. A frame such as `[CLS] a [SEP] b [SEP]` is that of a classifier, any other begins and ends
 * each text.
 */
export function readRoles(
  config: unknown,
  names: Names,
  frame: PostProcessor["frame"],
  found: { readonly unknown: number | undefined; readonly pad: number | undefined },
): Readonly<Record<string, number>> {
  const special: Record<string, number> = {};
  const set = (role: string, id: number | undefined) => {
    if (id !== undefined) special[role] = id;
  };
  set("pad", found.pad);
  set("unknown", found.unknown);
  const text = frame.single.indexOf(undefined);
  const [before, after] = [frame.single[text - 1], frame.single[text + 1]];
  const between = frame.pair[frame.pair.indexOf(undefined) + 1];
  const classifier = before !== undefined && after !== undefined && between === after && between !== before;
  set(classifier ? "classification" : "begin", before);
  set(classifier ? "separator" : "end", after);
  for (const [key, role] of Object.entries(roles)) {
    const token = readToken(config, key);
    if (token === undefined) continue;
    const id = names.id(token);
    if (id === undefined) {
      throw new ConfigError(
        `${key} of the config is ${JSON.stringify(token)}, which is no token of tokenizer.json; ` +
          "add it to added_tokens there, or leave it out of the config",
        { key, got: token },
      );
    }
    set(role, id);
  }
  return special;
}

/** The roles as special_tokens_map.json says them: what {@link readRoles} reads. */
export function toTokensMap(special: Readonly<Record<string, number>>, names: Names): Record<string, string> {
  const map: Record<string, string> = {};
  for (const [key, role] of Object.entries(roles)) {
    const id = special[role];
    if (id !== undefined) map[key] = names.token(id);
  }
  return map;
}

/** A token of a config: a string, or an object whose `content` is one; null says that there is none. */
function readToken(config: unknown, key: string): string | undefined {
  if (config === undefined || config === null) return undefined;
  if (typeof config !== "object" || Array.isArray(config)) {
    throw new ConfigError(`the config of a tokenizer is an object, got ${kindOf(config)}`, { got: config });
  }
  const value: unknown = Object.hasOwn(config, key) ? (config as Record<string, unknown>)[key] : undefined;
  if (value === undefined || value === null) return undefined;
  const content: unknown = typeof value === "object" && "content" in value ? value.content : value;
  if (typeof content === "string") return content;
  throw new ConfigError(`${key} of the config is a token such as "[PAD]", got ${kindOf(value)}`, { key, got: value });
}
