import type { OpenSafetensors, TensorOnFile } from "@tenon/checkpoint";
import { quantizableIn, type Parameter, type Part } from "@tenon/nn";
import { CheckpointError } from "@tenon/tensor";

import { same } from "../names/layout.ts";
import { namesOf, type Named, type Naming } from "../names/naming.ts";
import { problems } from "../names/problems.ts";
import { directionOf, nameIn, prefix, weightModules, type WeightModule } from "./modules.ts";

/** An adapter on a file, and where it belongs. */
export interface PlannedAdapter extends WeightModule {
  /** As the file calls it. */
  readonly called: string;
  readonly a: TensorOnFile;
  readonly b: TensorOnFile;
}

/** What a file of adapters becomes. */
export interface AdapterPlan {
  readonly adapters: readonly PlannedAdapter[];
  /** Tensors that take the place of the model's own. */
  readonly replaced: readonly { readonly named: Named; readonly tensor: TensorOnFile }[];
}

const adapterName = /^(.*)\.lora_([AB])\.weight$/;
const readable = new Set(["F32", "F16", "BF16", "F64"]);

/**
 * Finds, without reading any, what the tensors of an adapter_model.safetensors belong to. Strict: each has its place, each A its B, and every shape and dtype fits. Throws one
 * `CheckpointError` that lists all that is wrong.
 */
export function planAdapters(
  model: Part,
  naming: Naming,
  { name, tensors }: OpenSafetensors,
  modulesToSave: readonly string[],
): AdapterPlan {
  const parameters = model.parameters();
  const modules = weightModules(naming, parameters);
  const single = new Map(
    namesOf(naming, parameters).flatMap((named): [string, Named][] =>
      named.theirs.length === 1 ? [[named.theirs[0]!, named]] : [],
    ),
  );
  const adaptable = new Set(quantizableIn(model).values());
  const [unknown, refused]: [string[], string[]] = [[], []];
  const pairs = new Map<string, { called: string; A?: TensorOnFile; B?: TensorOnFile }>();
  const replaced: { named: Named; tensor: TensorOnFile }[] = [];
  for (const [full, tensor] of tensors) {
    const bare = full.startsWith(prefix) ? full.slice(prefix.length) : full;
    const [, called, side] = adapterName.exec(bare) ?? [];
    if (!readable.has(tensor.dtype)) refused.push(`"${full}": its dtype is ${tensor.dtype}; adapters are floats`);
    if (called !== undefined) {
      const module = nameIn(modules, called, naming.base);
      if (modules.has(module)) pairs.set(module, { ...pairs.get(module), called, [side!]: tensor });
      else unknown.push(`"${full}"`);
      continue;
    }
    const theirs = nameIn(single, bare, naming.base);
    const named = single.get(theirs);
    const owner = bare.slice(0, bare.lastIndexOf("."));
    if (/\.lora_\w+/.test(bare)) refused.push(`"${full}": only A and B of linear maps are read`);
    else if (named === undefined || !modulesToSave.some((end) => owner.endsWith(end))) unknown.push(`"${full}"`);
    else {
      replaced.push({ named, tensor });
      refused.push(...unfitWhole(full, tensor, named, parameters));
    }
  }
  const adapters = [...pairs].flatMap(([module, { called, A, B }]): PlannedAdapter[] => {
    const { named } = modules.get(module)!;
    const problem = unfit(named, parameters, adaptable, A, B);
    if (problem === undefined) return [{ module, called, named, a: A!, b: B! }];
    refused.push(`"${module}": ${problem}`);
    return [];
  });
  const wrong = problems({ "that belong to nothing of the model": unknown, "that cannot be": refused });
  if (wrong !== undefined)
    throw new CheckpointError(
      `${name} does not fit the model, and nothing was loaded:\n${wrong}\nLoad the model that these adapters were trained on.`,
      { file: name, unknown, refused },
    );
  if (adapters.length === 0) throw new CheckpointError(`${name} holds no adapter`, { file: name });
  return { adapters, replaced };
}

function unfit(
  named: Named,
  parameters: ReadonlyMap<string, Parameter>,
  adaptable: ReadonlySet<Parameter>,
  a: TensorOnFile | undefined,
  b: TensorOnFile | undefined,
): string | undefined {
  const ours = named.ours.map((path) => parameters.get(path)!);
  if (a === undefined || b === undefined) return `there is only ${a === undefined ? "B" : "A"} of it`;
  if (directionOf(named) === undefined || !ours.every((each) => adaptable.has(each)))
    return `what it is here, ${named.ours.join(" and ")}, cannot be adapted`;
  const adapted = named.ours.find((path) => parameters.get(path)!.adapter !== undefined);
  if (adapted !== undefined) return `${adapted} has an adapter already; merge() or detach() that first`;
  const input = ours[0]!.type.shape[1]!;
  const output = ours.reduce((sum, { type }) => sum + type.shape[0]!, 0);
  const rank = a.shape[0];
  const show = (shape: readonly unknown[]): string => `[${shape.join(", ")}]`;
  if (show(a.shape) === show([rank, input]) && show(b.shape) === show([output, rank]) && rank! > 0) return undefined;
  return `A and B of a weight [${output}, ${input}] are [r, ${input}] and [${output}, r], not ${show(a.shape)} and ${show(b.shape)}`;
}

function unfitWhole(
  name: string,
  { shape }: TensorOnFile,
  { ours, layout = same }: Named,
  parameters: ReadonlyMap<string, Parameter>,
): string[] {
  const own = ours.map((path) => parameters.get(path)!);
  if (own.some(({ quantized }) => quantized !== undefined))
    return [`"${name}": ${ours[0]} is held in levels; await dequantizeWeights() of the model first`];
  const [expected] = layout.shapes(own.map(({ type }) => type.shape));
  return expected!.join() === shape.join()
    ? []
    : [`"${name}": the model asks for [${expected!.join(", ")}], the file has [${shape.join(", ")}]`];
}
