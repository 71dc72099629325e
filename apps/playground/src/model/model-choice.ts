import type { ModelSource } from "../engine/model-source.ts";
import type { Option } from "../interface/choice.tsx";
import { currentSpec } from "./current-spec.ts";

const shipped: readonly Option<string>[] = [
  { value: "shipped:story-decoder", title: "Story decoder (comes with Tenon, tells stories)" },
  { value: "shipped:story-encoder", title: "Story encoder (comes with Tenon, fills gaps)" },
];

/** The models that can be chosen: those that come with Tenon, the runs that are saved, what is assembled, and files. */
export function modelOptions(
  saved: readonly string[],
  source: ModelSource | undefined,
  name: string | undefined,
): Option<string>[] {
  const gone = source?.kind === "saved" && !saved.includes(source.run) ? [source.run] : [];
  return [
    ...shipped,
    ...[...saved, ...gone].map((run) => ({ value: `saved:${run}`, title: `${run} (trained here)` })),
    { value: "untrained", title: "What is assembled, untrained" },
    ...(source?.kind === "files" && name !== undefined ? [{ value: "opened-files", title: name }] : []),
    { value: "files", title: source?.kind === "files" ? "Other files …" : "Files of yours …" },
  ];
}

/** What stands in the list for a model. */
export function optionOf(source: ModelSource): string {
  switch (source.kind) {
    case "shipped":
      return `shipped:${source.name}`;
    case "saved":
      return `saved:${source.run}`;
    case "untrained":
      return "untrained";
    case "files":
      return "opened-files";
  }
}

/** The model that a line of the list stands for; undefined for files, which have to be chosen first. */
export function sourceOf(option: string): ModelSource | undefined {
  if (option.startsWith("saved:")) return { kind: "saved", run: option.slice("saved:".length) };
  if (option === "untrained") return { kind: "untrained", spec: currentSpec.spec.value, seed: 1 };
  if (option === "shipped:story-encoder") return { kind: "shipped", name: "story-encoder" };
  if (option === "shipped:story-decoder") return { kind: "shipped", name: "story-decoder" };
  return undefined;
}
