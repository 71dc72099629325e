import { CheckpointError } from "@tenon/tensor";

import { damaged, quote } from "./show.ts";

/** Where a tensor's bytes lie, counted from the end of the header. */
export interface Extent {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

/**
 * Checks that the tensors, given in order of their offsets, cover the data from its first byte to its last: none beyond the end, no
 * overlap, no hole. So no byte is shared or hidden, and all tensors together take no more memory than the file.
 */
export function checkLayout(extents: readonly Extent[], available: number, file: string): void {
  const refuse = (problem: string, fields: Record<string, unknown>): never => {
    throw new CheckpointError(`${file}: ${problem}. ${damaged}`, { file, ...fields });
  };
  const last = extents.reduce((a, b) => (b.end > a.end ? b : a), { name: "", begin: 0, end: 0 });
  if (last.end > available) {
    refuse(`tensor ${quote(last.name)} ends at byte ${last.end} of the data, but the file has only ${available}`, {
      tensor: last.name,
      expected: last.end,
      got: available,
    });
  }
  let covered = 0;
  let previous = "";
  for (const { name, begin, end } of extents) {
    if (begin < covered) {
      const problem = `tensors ${quote(previous)} and ${quote(name)} overlap: the first ends at byte ${covered} of the data, the second begins at ${begin}`;
      refuse(problem, { tensor: name, expected: covered, got: begin });
    }
    if (begin > covered) {
      const problem = `tensor ${quote(name)} begins at byte ${begin} of the data, but the tensors before it end at ${covered}: no tensor has the bytes between`;
      refuse(problem, { tensor: name, expected: covered, got: begin });
    }
    covered = end;
    previous = name;
  }
  if (covered !== available)
    refuse(`its tensors end at byte ${covered} of the data, but the file has ${available}: the rest belongs to none`, {
      expected: covered,
      got: available,
    });
}
