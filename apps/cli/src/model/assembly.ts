import type { Description } from "@tenon/models";

import { count } from "../output/numbers.ts";
import { table } from "../output/table.ts";

/** Which parts of a model come from which package, and how many parameters they hold: one line for each package. */
export function assemblyTable({ parts, packages }: Description): string {
  const rows = packages.map((name) => {
    const ours = parts.filter((part) => part.package === name);
    const kinds = new Map<string, number>();
    for (const { kind } of ours) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const parameters = ours.reduce((sum, part) => sum + part.count, 0);
    return [
      `  ${name}`,
      [...kinds].map(([kind, times]) => (times === 1 ? kind : `${times} × ${kind}`)).join(", "),
      parameters === 0 ? "" : count(parameters),
    ];
  });
  return table([{ title: "  package" }, { title: "parts" }, { title: "parameters", align: "right" }], rows);
}
