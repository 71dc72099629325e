import type { Parameter, Part } from "@tenon/nn";
import { CheckpointError, isQuantized, isTenonError, type TypedArray } from "@tenon/tensor";

import type { SafetensorsFile } from "./parse.ts";
import { quote } from "./show.ts";
import { storedAs } from "./stored-as.ts";
import type { StoredTensor } from "./stored-tensor.ts";

/** Problems of one kind that a message lists before it only counts the rest. */
const listed = 8;

/**
 * Gives every parameter of a model its values from a file. Strict: each parameter has a tensor of its name and shape, and each
 * tensor has a parameter. All or nothing: everything is checked and converted before the first parameter changes.
 *
 * Parameters are f32, and take F32, F16, BF16 and (rounded) F64; those that are held in levels take the I8 or U8 that `saveParameters` wrote.
 *
 * Throws one `CheckpointError` that lists every missing, unexpected and unfitting tensor; `fields` holds the full lists.
 *
 * @example
 * ```ts
 * const trained = new Linear({ input: 3, output: 2, random: random(1) });
 * const fresh = new Linear({ input: 3, output: 2, random: random(2) });
 * loadParameters(fresh, parseSafetensors(await saveParameters(trained)));
 * ```
 */
export function loadParameters(model: Part, file: SafetensorsFile): void {
  const parameters = model.parameters();
  const missing: string[] = [];
  const unfitting: string[] = [];
  const ready: [Parameter, TypedArray][] = [];
  for (const [name, parameter] of parameters) {
    const stored = file.tensors.get(name);
    if (stored === undefined) missing.push(name);
    else {
      const values = fit(stored, parameter);
      if (typeof values === "string") unfitting.push(values);
      else ready.push([parameter, values]);
    }
  }
  const unexpected = [...file.tensors.keys()].filter((name) => !parameters.has(name));
  if (missing.length + unexpected.length + unfitting.length > 0) {
    const problems = [
      list("missing from the file", missing.map(quote)),
      list("in the file but not in the model", unexpected.map(quote)),
      list("not fitting", unfitting),
    ].filter((text) => text !== "");
    throw new CheckpointError(
      `${file.name} does not fit the model, and nothing was loaded:\n${problems.join("\n")}\nAssemble the model from the spec that the file was saved with, or choose another file.`,
      { file: file.name, missing, unexpected, unfitting },
    );
  }
  for (const [parameter, values] of ready) parameter.assign(values);
}

/** The values for a parameter, or why there are none. */
function fit(stored: StoredTensor, { type }: Parameter): TypedArray | string {
  const { dtype, shape } = storedAs(type);
  if (shape.length !== stored.shape.length || shape.some((size, i) => size !== stored.shape[i])) {
    return `${quote(stored.name)}: the model has shape [${shape.join(", ")}], the file [${stored.shape.join(", ")}]`;
  }
  if (isQuantized(type.dtype)) {
    if (stored.dtype === dtype) return stored.values() as Int8Array | Uint8Array;
    return `${quote(stored.name)}: the model holds it in levels, ${type.dtype}, the file in ${stored.dtype}; dequantizeWeights() of the model gives it numbers`;
  }
  try {
    return stored.toFloat32();
  } catch (error) {
    if (isTenonError(error, "CheckpointError")) return error.message;
    throw error;
  }
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  const more = items.length > listed ? `\n    and ${items.length - listed} more` : "";
  return `  ${items.length} ${title}:\n${items
    .slice(0, listed)
    .map((item) => `    ${item}`)
    .join("\n")}${more}`;
}
