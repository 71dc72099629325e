import { ShapeError, type Tensor } from "@tenon/tensor";

/** Throws `ShapeError` unless ids are [b, t] with at least one in each row; `letter` is what their length is called. */
export function expectIds(what: string, { rank, shape }: Tensor, letter: string): void {
  if (rank === 2 && shape[1]! > 0) return;
  throw new ShapeError(`${what} ids must be [b, ${letter}] with at least one in each row, got [${shape.join(", ")}]`, {
    [what]: shape,
  });
}

/** Throws `ShapeError` unless target ids [b, t] have a row for each source. */
export function expectRows({ shape }: Tensor, sources: number): void {
  const rows = shape[0]!;
  if (rows === sources) return;
  throw new ShapeError(
    `${sources} sources for ${rows} ${rows === 1 ? "target" : "targets"}: row i of the target ids belongs to source i. Ways of decoding that go by the ids of a target alone, as generate and beamSearch do, take one source at a time; encode each by itself.`,
    { sources, ids: shape },
  );
}
