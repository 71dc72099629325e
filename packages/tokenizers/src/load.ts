import { ConfigError } from "@tenon/tensor";
import { byteTokenizer } from "./byte.ts";
import { characterTokenizer } from "./character.ts";
import { checkKeys, kindOf } from "./check.ts";
import { huggingFaceTokenizer } from "./hugging-face/hugging-face-tokenizer.ts";
import { Specials, type SpecialTokens } from "./special.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { wordTokenizerOf } from "./word.ts";

const kinds = ["character", "byte", "word"] as const;

/**
 * The tokenizer that `toJSON` described, with the same ids. It takes a tokenizer.json of Hugging Face too, see {@link huggingFaceTokenizer}; `toJSON` has
 * noted the roles of the special tokens in it.
 *
 * Takes what `JSON.parse` gives and trusts none of it. Throws `ConfigError` naming the key, what was expected and what came: for a
 * key that is missing or unknown, another kind or version, a token that is no string, is there twice or does not belong.
 *
 * @example
 * ```ts
 * const saved = JSON.stringify(wordTokenizer("Mia ran. Tom ran too."));
 * const tokenizer = loadTokenizer(JSON.parse(saved));
 * console.log(tokenizer.decode(tokenizer.encode("Tom ran. Mia too."))); // Tom ran. Mia too.
 * ```
 */
export function loadTokenizer(json: unknown): Tokenizer {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    const hint = typeof json === "string" ? "; read it with JSON.parse first" : "";
    throw new ConfigError(`a saved tokenizer is an object, got ${kindOf(json)}${hint}`, { got: json });
  }
  const { kind, version, vocabulary, special } = json as Record<string, unknown>;
  if (kind === undefined && typeof (json as Record<string, unknown>)["model"] === "object") {
    return huggingFaceTokenizer(json);
  }
  const known = kinds.find((name) => name === kind);
  if (known === undefined) throw wrong("kind", `one of ${kinds.join(", ")}`, kind);
  if (version !== 1) throw wrong("version", "1, the only version this release reads", version);
  checkKeys(
    json,
    known === "byte" ? ["kind", "version", "special"] : ["kind", "version", "vocabulary", "special"],
    `a ${known} tokenizer`,
  );
  const tokens = readSpecial(special);
  if (known === "byte") return byteTokenizer({ special: tokens });
  if (!Array.isArray(vocabulary)) throw wrong("vocabulary", "a list of tokens", vocabulary);
  return known === "word"
    ? wordTokenizerOf(vocabulary, new Specials(tokens))
    : characterTokenizer({ vocabulary }, { special: tokens });
}

function readSpecial(special: unknown): SpecialTokens {
  if (!Array.isArray(special))
    throw wrong("special", 'a list of entries such as { "role": "mask", "token": "[MASK]" }', special);
  const found = new Map<string, string>();
  for (const [index, entry] of (special as unknown[]).entries()) {
    const key = `special[${index}]`;
    if (typeof entry !== "object" || entry === null) throw wrong(key, "an object with role and token", entry);
    checkKeys(entry, ["role", "token"], key);
    const { role, token } = entry as Record<string, unknown>;
    if (typeof role !== "string") throw wrong(`${key}.role`, "a string", role);
    if (typeof token !== "string") throw wrong(`${key}.token`, "a string", token);
    if (found.has(role)) throw wrong(`${key}.role`, "a role that is there only once", role);
    found.set(role, token);
  }
  return Object.fromEntries(found);
}

function wrong(key: string, expected: string, got: unknown): ConfigError {
  return new ConfigError(`${key} of a saved tokenizer is ${expected}; got ${kindOf(got)}`, { key, expected, got });
}
