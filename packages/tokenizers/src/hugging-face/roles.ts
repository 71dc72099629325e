import { ConfigError } from "@tenon/tensor";
import { kindOf } from "../check.ts";
import type { AddedToken } from "./frame/added-tokens.ts";
import type { Frame } from "./frame/post-processor.ts";
import type { TokenIds } from "./model/vocabulary.ts";

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
 * The added tokens with the roles that a config gives them. A token of the model that it names becomes an added one, found in texts as a whole, as in
 * the library `transformers`.
 */
export function withRoles(config: unknown, added: readonly AddedToken[], ids: TokenIds): AddedToken[] {
  const tokens = new Map(added.map((token) => [token.content, token]));
  for (const [key, role] of Object.entries(roles)) {
    const content = readToken(config, key);
    if (content === undefined) continue;
    const id = tokens.get(content)?.id ?? ids.get(content);
    if (id === undefined) {
      throw new ConfigError(
        `${key} of the config is ${JSON.stringify(content)}, which is no token of tokenizer.json; ` +
          "add it to added_tokens there, or leave it out of the config",
        { key, got: content },
      );
    }
    const flags = { special: true, singleWord: false, left: false, right: false, normalized: false };
    const token = tokens.get(content) ?? { id, content, ...flags, roles: [] };
    tokens.set(content, { ...token, roles: [...new Set([...token.roles, role])] });
  }
  return [...tokens.values()];
}

/** What tokenizer.json shows of roles by itself. */
export interface ShownRoles {
  readonly frame: { readonly single: Frame; readonly pair: Frame };
  readonly unknown: number | undefined;
  readonly pad: number | undefined;
}

/**
 * The ids of the special tokens by role: what tokenizer.json shows (the token for the unknown, the one that pads, those that frame a text), and over
 * it the roles of the added tokens. A frame such as `[CLS] a [SEP] b [SEP]` is that of a classifier, any other begins and ends each text.
 */
export function idsByRole(
  added: readonly AddedToken[],
  { frame, unknown, pad }: ShownRoles,
): Readonly<Record<string, number>> {
  const text = frame.single.indexOf(undefined);
  const [before, after] = [frame.single[text - 1], frame.single[text + 1]];
  const between = frame.pair[frame.pair.indexOf(undefined) + 1];
  const classifier = before !== undefined && after !== undefined && between === after;
  const shown = {
    pad,
    unknown,
    [classifier ? "classification" : "begin"]: before,
    [classifier ? "separator" : "end"]: after,
  };
  const special: Record<string, number> = {};
  for (const [role, id] of Object.entries(shown)) if (id !== undefined) special[role] = id;
  for (const { id, roles: own } of added) for (const role of own) special[role] = id;
  return special;
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
