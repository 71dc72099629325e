import type { Backend } from "@tenon/tensor";
import { transform } from "sucrase";

import { packages } from "./packages.ts";
import { shown } from "./shown.ts";

/**
 * Runs a module of TypeScript that imports Tenon's packages, and hands on each line that it prints. Where `cpu` is not what computes, `cpu()` in the
 * example gives `backend` instead.
 *
 * Throws what the example throws, and an `Error` in words for an import that is none of Tenon's.
 */
export async function runExample(
  source: string,
  print: (line: string) => void,
  backend: Backend | undefined,
): Promise<void> {
  const { code } = transform(source, { transforms: ["typescript", "imports"], disableESTransforms: true });
  const modules = new Map<string, object>();
  for (const [, name] of code.matchAll(/\brequire\('([^']+)'\)/g)) {
    const load = packages[name!];
    if (load === undefined)
      throw new Error(`there is no "${name}" on this page. An example may import ${Object.keys(packages).join(", ")}.`);
    const module = await load();
    modules.set(name!, name === "@tenon/tensor" && backend !== undefined ? { ...module, cpu: () => backend } : module);
  }
  const log = (...values: unknown[]): void => print(values.map(shown).join(" "));
  const body = new AsyncFunction("require", "exports", "console", code);
  await body((name: string) => modules.get(name), {}, { ...console, log });
}

/** The constructor of functions that may `await`, which has no name of its own. */
const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...texts: string[]
) => (...values: unknown[]) => Promise<void>;
