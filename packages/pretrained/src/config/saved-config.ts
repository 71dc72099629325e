import { ConfigError, type Json } from "@tenon/tensor";

type Keys = Readonly<Record<string, Json>>;

/** Keys of a config that are not true of what is saved: classes that are programs of its folder, the dtype under its former name. */
const untrue = new Set(["auto_map", "torch_dtype"]);
/** Families have defaults for these, which may be ids that a vocabulary of another size does not have. */
const noTokens: Keys = { bos_token_id: null, eos_token_id: null, pad_token_id: null };

/**
 * The config.json of a model that is saved: what it was loaded with, what is added to that, and what its spec says, which comes last. Throws `ConfigError` for an
 * addition that contradicts the spec.
 */
export function savedConfig(loaded: Keys = noTokens, added: Keys = {}, told: Keys): Keys {
  for (const [key, value] of Object.entries(added)) {
    if (!Object.hasOwn(told, key) || JSON.stringify(told[key]) === JSON.stringify(value)) continue;
    throw new ConfigError(
      `savePretrained: config.${key} is ${JSON.stringify(value)}, but the model has ${JSON.stringify(told[key])}. Leave out what the model says itself.`,
      { key, expected: told[key], got: value },
    );
  }
  const kept = Object.entries(loaded).filter(([key]) => !untrue.has(key));
  return { ...Object.fromEntries(kept), ...added, ...told };
}
