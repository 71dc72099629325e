import type { LowRankAdapter } from "@tenon/nn";

import { same, transposed, type HostTensor } from "../names/layout.ts";
import type { Named } from "../names/naming.ts";
import { directionOf } from "./modules.ts";

/** An adapter of one weight of a checkpoint: A [r, in] and B [out, r]. */
export interface TheirAdapter {
  readonly a: HostTensor;
  readonly b: HostTensor;
  readonly alpha: number;
  /** What B A is multiplied by. */
  readonly scale: number;
}

const turn = (x: HostTensor): HostTensor => transposed.load([x], [])[0]!;

/**
 * B of a weight of theirs, cut into those of the weights of ours that it is made of: B's rows lie as the weight's do, and all of ours share the A. So an adapter of GPT-2's `c_attn` becomes
 * three, of query, key and value.
 */
export function cutB(named: Named, b: HostTensor, outputs: readonly number[]): readonly HostTensor[] {
  const rank = b.shape[1]!;
  const theirs = directionOf(named) === "turned" ? turn(b) : b;
  return (named.layout ?? same).load(
    [theirs],
    outputs.map((output) => [output, rank]),
  );
}

/** Each of the weights of ours that one of theirs is made of: how many rows it has, and its adapter, if it has one. */
export interface OurAdapter {
  readonly output: number;
  readonly adapter: LowRankAdapter | undefined;
}

/**
 * Adapters of ours as one of the weight that they are joined in, which computes the same: where all have the same A, that is its A; else it has the rank of all together, with their As one
 * below the other, and each B in the columns of its own A.
 */
export async function joinAdapters(named: Named, ours: readonly OurAdapter[]): Promise<TheirAdapter> {
  const adapters = ours.flatMap(({ adapter }) => adapter ?? []);
  const first = adapters[0]!;
  const input = first.a.type.shape[1]!;
  const factors = [...new Set(adapters.map(({ a }) => a))];
  const begins = new Map<unknown, number>();
  let rank = 0;
  for (const a of factors) {
    begins.set(a, rank);
    rank += a.type.shape[0]!;
  }
  const a = new Float32Array(rank * input);
  for (const each of factors) a.set(await each.host(), begins.get(each)! * input);
  const parts: HostTensor[] = [];
  for (const { output, adapter } of ours) {
    const values = new Float32Array(output * rank);
    if (adapter !== undefined) {
      const own = await adapter.b.host();
      const share = adapter.scale / first.scale;
      for (let row = 0; row < output; row++)
        for (let r = 0; r < adapter.rank; r++)
          values[row * rank + begins.get(adapter.a)! + r] = own[row * adapter.rank + r]! * share;
    }
    parts.push({ shape: [output, rank], values });
  }
  const [b] = (named.layout ?? same).save(parts);
  return {
    a: { shape: [rank, input], values: a },
    b: directionOf(named) === "turned" ? turn(b!) : b!,
    scale: first.scale,
    alpha: rank === first.rank ? first.alpha : first.scale * (first.rankStabilised ? Math.sqrt(rank) : rank),
  };
}
