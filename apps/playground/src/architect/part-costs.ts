import { type Assembled, describe, type PartDescription } from "@tenon/models";

import type { ObservedParts } from "./observed-parts.ts";

/** One part of a model, or all parts that stand at the same place of blocks that are alike: `blocks.*.attention`. */
export interface PartCost {
  /** Where it is; "" is the model itself. */
  readonly path: string;
  /** The name of its class. */
  readonly kind: string;
  /** The package that the class comes from; undefined for a class that Tenon does not know. */
  readonly package: string | undefined;
  /** How many parts this line stands for. */
  readonly times: number;
  /** The shape of what each gives; undefined where it did not run, or gives no single tensor. */
  readonly shape: readonly number[] | undefined;
  /** Of all of them, with what is in them; what parts share counts for the first. */
  readonly parameters: number;
  /** Of all of them, with what is in them. */
  readonly flops: number;
  /** The same without what is in them. */
  readonly ownFlops: number;
  /** The most that one of them needed while it ran, beyond parameters and what there was before. */
  readonly peakBytes: number;
}

/** Every part of a model with what it took, in the order of their declaration. */
export function partCosts(model: Assembled, observed: ObservedParts): PartCost[] {
  const described = describe(model).parts;
  const parts = model.parts();
  const rows = described.map((part): PartCost => {
    const ran = observed.of(parts.get(part.path)!);
    return {
      path: part.path,
      kind: part.kind,
      package: part.package,
      times: 1,
      shape: ran?.shape,
      parameters: parametersIn(described, part.path),
      flops: ran?.flops ?? 0,
      ownFlops: ran?.ownFlops ?? 0,
      peakBytes: ran?.peakBytes ?? 0,
    };
  });
  return merged(rows);
}

function parametersIn(parts: readonly PartDescription[], path: string): number {
  const isInside = (inner: string): boolean => path === "" || inner === path || inner.startsWith(`${path}.`);
  return parts.reduce((sum, part) => sum + (isInside(part.path) ? part.count : 0), 0);
}

/** Parts of one class that stand at the same place of blocks that are alike become one line. */
function merged(rows: readonly PartCost[]): PartCost[] {
  const byPlace = new Map<string, PartCost>();
  for (const row of rows) {
    const path = row.path.replaceAll(/\.\d+(?=\.|$)/g, ".*");
    const key = `${path} ${row.kind} ${row.shape?.join()}`;
    const before = byPlace.get(key);
    byPlace.set(key, before === undefined ? { ...row, path } : together(before, row));
  }
  return [...byPlace.values()].map((row) => (row.times === 1 ? { ...row, path: originalOf(rows, row) } : row));
}

const together = (a: PartCost, b: PartCost): PartCost => ({
  ...a,
  times: a.times + 1,
  parameters: a.parameters + b.parameters,
  flops: a.flops + b.flops,
  ownFlops: a.ownFlops + b.ownFlops,
  peakBytes: Math.max(a.peakBytes, b.peakBytes),
});

/** Where there is but one, it is named as it is. */
function originalOf(rows: readonly PartCost[], { path, kind, shape }: PartCost): string {
  const pattern = path
    .split("*")
    .map((piece) => piece.replaceAll(".", "\\."))
    .join("\\d+");
  const found = rows.find(
    (row) => row.kind === kind && row.shape?.join() === shape?.join() && new RegExp(`^${pattern}$`).test(row.path),
  );
  return found?.path ?? path;
}
