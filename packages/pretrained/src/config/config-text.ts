import type { Json } from "@tenon/tensor";

/**
 * Keys whose numbers Python takes for floating-point ones. JSON in JavaScript knows no such thing, and would write 10000 where transformers, which checks the types of
 * a config, asks for 10000.0.
 */
const floating =
  /dropout|drop(_rate)?$|_prob$|epsilon|_eps$|theta|factor$|softcapping|_coef$|_range$|_std$|_noise$|layerdrop|_freq$|^beta_|mscale|_pct$|temperature|top_p|min_p|typical_p|penalty|smoothing|layer_scale|_scale$/;

/** A config as the text of its file, two spaces to a level, with a point in each number that is a floating-point one in Python. */
export function configText(config: Readonly<Record<string, Json>>): string {
  return `${printed(config, "", "")}\n`;
}

function printed(value: Json | undefined, key: string, indent: string): string {
  const deeper = `${indent}  `;
  if (typeof value === "number")
    return Number.isInteger(value) && Math.abs(value) < 1e21 && floating.test(key)
      ? `${value}.0`
      : JSON.stringify(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const items = Array.isArray(value)
    ? value.map((item) => printed(item as Json, key, deeper))
    : Object.entries(value as Readonly<Record<string, Json>>).map(
        ([name, item]) => `${JSON.stringify(name)}: ${printed(item, name, deeper)}`,
      );
  return items.length === 0
    ? open + close
    : `${open}\n${items.map((item) => deeper + item).join(",\n")}\n${indent}${close}`;
}
