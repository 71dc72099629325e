import type { Parameter, Part } from "@tenon/nn";
import { CheckpointError, type Shape } from "@tenon/tensor";

import type { WeightOnFile, Weights } from "../weights/open-weights.ts";
import { same, type Layout } from "./layout.ts";
import { namesOf, type Naming } from "./naming.ts";
import { problems } from "./problems.ts";

/** What becomes what: some tensors of a checkpoint, and the parameters that are made of them. */
export interface Step {
  readonly theirs: readonly WeightOnFile[];
  readonly ours: readonly Parameter[];
  readonly layout: Layout;
}

/** How a model is loaded: every step, and the tensors that must say the same as another. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly repeated: readonly (readonly [copy: WeightOnFile, of: WeightOnFile])[];
}

/**
 * Finds, without reading any, which tensors make which parameters. Strict: each parameter is made, each tensor is used, and every shape and dtype fits. Throws one
 * `CheckpointError` that lists all that is missing, unexpected or unfitting.
 */
export function planLoading(model: Part, weights: Weights, naming: Naming): Plan {
  const parameters = model.parameters();
  const named = byNameOfNow(weights.tensors, naming.formerly ?? {});
  const bare = isBare(naming.base, named);
  const repeated = Object.entries(naming.repeated ?? {}).map(
    (pair) => pair.map((name) => (bare ? name.replace(naming.base!, "") : name)) as [copy: string, of: string],
  );
  const tensors = withOriginals(named, repeated);
  const steps: Step[] = [];
  const [missing, unfitting]: [string[], string[]] = [[], []];
  const made = new Set<string>();
  const used = new Set<string>();
  for (const { ours, theirs, layout = same } of namesOf(naming, parameters)) {
    const own = ours.map((path) => parameters.get(path)!);
    const names = theirs.map((name) => (bare ? name.replace(naming.base!, "") : nameIn(tensors, name, naming.base)));
    const shapes = layout.shapes(own.map(({ type }) => type.shape));
    const found = names.map((name, i) => {
      const tensor = tensors.get(name);
      if (tensor === undefined) missing.push(`"${name}"`);
      else unfitting.push(...unfit(tensor, shapes[i]!));
      return tensor;
    });
    for (const path of ours) made.add(path);
    for (const name of names) used.add(name);
    if (found.every((tensor) => tensor !== undefined)) steps.push({ theirs: found, ours: own, layout });
  }
  const unnamed = [...parameters.keys()].filter((path) => !made.has(path)).map((path) => `"${path}" (of the model)`);
  const copies = repeated.filter((pair) => pair.every((name) => tensors.has(name)));
  for (const [copy] of copies) used.add(copy);
  const unexpected = [...tensors.keys()]
    .filter((name) => !used.has(name) && !naming.computed?.some((pattern) => pattern.test(name)))
    .map((name) => `"${name}"`);
  const wrong = problems({
    "missing from the checkpoint": [...missing, ...unnamed],
    "in the checkpoint but not in the model": unexpected,
    "not fitting": unfitting,
  });
  if (wrong !== undefined) {
    const { description = "its config.json" } = weights;
    throw new CheckpointError(
      `${weights.name} does not fit the model that ${description} describes, and nothing was loaded:\n${wrong}\nDownload the model again, or correct ${description}.`,
      { file: weights.name, missing: [...missing, ...unnamed], unexpected, unfitting },
    );
  }
  return { steps, repeated: copies.map(([copy, of]) => [tensors.get(copy)!, tensors.get(of)!] as const) };
}

/** The tensors under the names of today. One that has a namesake then keeps its own, and is left over. */
function byNameOfNow(
  tensors: ReadonlyMap<string, WeightOnFile>,
  formerly: Readonly<Record<string, string>>,
): ReadonlyMap<string, WeightOnFile> {
  const endings = Object.entries(formerly);
  const now = (name: string): string => {
    const [then, today] = endings.find(([ending]) => name.endsWith(ending)) ?? ["", ""];
    const renamed = name.slice(0, name.length - then.length) + today;
    return tensors.has(renamed) ? name : renamed;
  };
  return new Map([...tensors].map(([name, tensor]) => [now(name), tensor]));
}

/** A tensor of the bare model, which goes by a longer name in a checkpoint of a model that has a head, too. */
function nameIn(tensors: ReadonlyMap<string, unknown>, name: string, base: string | undefined): string {
  return base !== undefined && !tensors.has(name) && tensors.has(base + name) ? base + name : name;
}

/** Of two that are shared, some tools keep the one that comes first in the alphabet: a copy without its original stands for it. */
function withOriginals(
  tensors: ReadonlyMap<string, WeightOnFile>,
  repeated: readonly (readonly [copy: string, of: string])[],
): ReadonlyMap<string, WeightOnFile> {
  // Of several copies the first; the others are compared with it.
  const alone = new Map<string, string>();
  for (const [copy, of] of repeated)
    if (tensors.has(copy) && !tensors.has(of) && ![...alone.values()].includes(of)) alone.set(copy, of);
  return new Map([...tensors].map(([name, tensor]) => [alone.get(name) ?? name, tensor]));
}

/** A checkpoint of the model without its head leaves out what begins all other names. */
function isBare(base: string | undefined, tensors: ReadonlyMap<string, unknown>): boolean {
  return base !== undefined && ![...tensors.keys()].some((name) => name.startsWith(base));
}

const readable = new Set(["F32", "F16", "BF16", "F64"]);

function unfit({ name, shape, dtype }: WeightOnFile, expected: Shape): string[] {
  if (shape.length !== expected.length || shape.some((size, axis) => size !== expected[axis]))
    return [`"${name}": the model asks for [${expected.join(", ")}], the checkpoint has [${shape.join(", ")}]`];
  return readable.has(dtype)
    ? []
    : [`"${name}": its dtype is ${dtype}; weights are read from ${[...readable].join(", ")}`];
}
