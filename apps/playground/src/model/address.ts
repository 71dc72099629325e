import { type BackendId, backendIds, usualBackend } from "../backends/backend-id.ts";
import type { ModelSource, ShippedName } from "../engine/model-source.ts";
import { decodeShared, encodeShared } from "../spec/share.ts";

/** What stands in the page's address for the open model and what computes it. What goes without saying is undefined. */
export interface Remembered {
  readonly model: string | undefined;
  readonly spec: string | undefined;
  readonly backend: string | undefined;
}

const shipped: readonly ShippedName[] = ["story-decoder", "story-encoder"];

/** How a model and a backend are written in the address. Files of the visitor's cannot be: a page may not open them again by itself. */
export async function remembered(
  source: ModelSource | undefined,
  backend: BackendId,
  first: ModelSource,
): Promise<Remembered> {
  return {
    model: source === undefined || nameOf(source) === nameOf(first) ? undefined : nameOf(source),
    spec: source?.kind === "untrained" ? await encodeShared(source.spec) : undefined,
    backend: backend === usualBackend ? undefined : backend,
  };
}

/** What an address asks to be opened; undefined where it asks for none. Throws an `Error` in words for a spec that was cut off. */
export async function sourceIn(parameters: URLSearchParams): Promise<ModelSource | undefined> {
  const [name, spec] = [parameters.get("model"), parameters.get("spec")];
  const known = shipped.find((each) => each === name);
  if (known !== undefined) return { kind: "shipped", name: known };
  if (name?.startsWith("run:")) return { kind: "saved", run: name.slice("run:".length) };
  // The worker checks the spec when it assembles it.
  if (name === "untrained" && spec !== null)
    return { kind: "untrained", spec: (await decodeShared(spec)) as never, seed: 1 };
  return undefined;
}

/** The backend that an address asks for, else the usual one. */
export const backendIn = (parameters: URLSearchParams): BackendId =>
  backendIds.find((id) => id === parameters.get("backend")) ?? usualBackend;

function nameOf(source: ModelSource): string | undefined {
  switch (source.kind) {
    case "shipped":
      return source.name;
    case "saved":
      return `run:${source.run}`;
    case "untrained":
      return "untrained";
    case "files":
      return undefined;
  }
}
