import { Linear, LowRankAdapter, type Parameter, type Part } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { namesOf, type Named, type Naming } from "../names/naming.ts";
import { directionOf, type WeightModule } from "./modules.ts";

/** The adapters of a model, by the paths of their weights. Throws `ConfigError` when there are none, or one that PEFT's files cannot hold. */
export function adaptersToSave(
  model: Part,
  modules: ReadonlyMap<string, WeightModule>,
): ReadonlyMap<string, LowRankAdapter> {
  const linear = new Set([...model.parts().values()].flatMap((part) => (part instanceof Linear ? [part.weight] : [])));
  const named = new Set(
    [...modules.values()].flatMap((module) => (directionOf(module.named) === undefined ? [] : module.named.ours)),
  );
  const found = new Map<string, LowRankAdapter>();
  for (const [path, parameter] of model.parameters()) {
    const { adapter } = parameter;
    if (adapter === undefined) continue;
    if (!(adapter instanceof LowRankAdapter))
      throw cannot(path, "is no LowRankAdapter, and PEFT's format has no place for it");
    if (!linear.has(parameter))
      throw cannot(
        path,
        "is one of a table that is looked up, which PEFT treats in another way, and a tied output not at all",
      );
    if (!named.has(path))
      throw cannot(path, "is one of a weight that this family's checkpoints do not hold as a matrix");
    found.set(path, adapter);
  }
  if (found.size === 0)
    throw new ConfigError(
      "saveLora: the model has no adapters; attachLora() gives it some, and merge() and detach() end them",
    );
  const rates = new Set([...found.values()].map(({ dropout }) => dropout?.rate ?? 0));
  if (rates.size > 1)
    throw new ConfigError(
      `saveLora: the adapters have different rates of dropout, ${[...rates].join(" and ")}, and adapter_config.json holds one; attach them with the same`,
      { rates: [...rates] },
    );
  return found;
}

const cannot = (path: string, why: string): ConfigError =>
  new ConfigError(`saveLora: the adapter of ${path} ${why}; detach() it, or keep all with saveParameters()`, { path });

/** The modules of Hugging Face of which something is trained beside the adapters, and all that each holds. Throws `ConfigError` for one that shares it with another. */
export function modulesToSave(model: Part, naming: Naming): Map<string, readonly Named[]> {
  const parameters = model.parameters();
  const ofAdapters = new Set<Parameter>();
  for (const { adapter } of parameters.values())
    for (const each of adapter?.parameters().values() ?? []) ofAdapters.add(each);
  const trained = (path: string): boolean => {
    const parameter = parameters.get(path)!;
    return !parameter.frozen && !ofAdapters.has(parameter);
  };
  const all = namesOf(naming, parameters);
  const ownerOf = (name: string): string => name.slice(0, name.lastIndexOf("."));
  const owners = new Set(all.filter(({ ours }) => ours.some(trained)).flatMap(({ theirs }) => theirs.map(ownerOf)));
  const tied = Object.values(naming.repeated ?? {}).find((name) => owners.has(ownerOf(name)));
  if (tied !== undefined)
    throw new ConfigError(
      `saveLora: ${all.find(({ theirs }) => theirs.includes(tied))!.ours.join(" and ")} is trained beside the adapters, and shared with another part, which PEFT's format cannot say; freeze() it`,
      { tensor: tied },
    );
  return new Map(
    [...owners].map((owner) => [owner, all.filter(({ theirs }) => theirs.some((name) => ownerOf(name) === owner))]),
  );
}
