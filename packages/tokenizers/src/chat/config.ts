import { ConfigError } from "@tenon/tensor";
import { kindOf } from "../check.ts";

/** `chat_template` of a config: the template, or of several the one named `tool_use` where there are tools, else `default`. */
export function chooseTemplate(config: object | undefined, withTools: boolean): string {
  const found: unknown = valueOf(config, "chat_template");
  if (typeof found === "string") return found;
  if (found === undefined || found === null) {
    throw new ConfigError(
      "there is no chat template: pass template, or a config (tokenizer_config.json) that has a chat_template; newer models keep it in " +
        "a file of its own, chat_template.jinja",
      { key: "template" },
    );
  }
  const templates = new Map(
    Array.isArray(found) ? found.map((entry: unknown) => [valueOf(entry, "name"), valueOf(entry, "template")]) : [],
  );
  const template = (withTools ? templates.get("tool_use") : undefined) ?? templates.get("default");
  if (typeof template === "string") return template;
  const names = [...templates.keys()].filter((name) => typeof name === "string").join(", ");
  throw new ConfigError(
    `chat_template of the config is a string or a list with a template named default, got ${names === "" ? kindOf(found) : `those named ${names}`}; ` +
      "pass the one you mean as template",
    { key: "chat_template" },
  );
}

/** The texts of the special tokens in a config, by their keys: `bos_token`, `eos_token` … */
export function specialTexts(config: object | undefined): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const key of Object.keys(config ?? {})) {
    if (!/^[a-z_]+_token$/.test(key)) continue;
    const value: unknown = valueOf(config, key);
    const text = typeof value === "object" ? valueOf(value, "content") : value;
    if (typeof text === "string") texts[key] = text;
  }
  return texts;
}

function valueOf(object: unknown, key: string): unknown {
  return typeof object === "object" && object !== null && Object.hasOwn(object, key)
    ? (object as Record<string, unknown>)[key]
    : undefined;
}
