import {
  add,
  cast,
  cumulativeSum,
  expand,
  floor,
  gather,
  iota,
  lessOrEqual,
  minimum,
  mul,
  oneHot,
  reshape,
  scatterAdd,
  scatterAlong,
  slice,
  sub,
  sum,
  takeAlong,
  type Tensor,
} from "@tenon/tensor";

/** What copying an expert's weights costs, in rows that pass them; measured on the CPU and WASM backends, where times are flat around it. */
const rowsPerCopy = 16;

/** At most so many blocks per expert, and with them copies of its weights, are full of tokens. */
const fullBlocks = 4;

/**
 * How many rows a block has: a power of two. Larger blocks are padded more, smaller ones copy an expert's weights more often; with m tokens
 * per expert the cost m + B + copy · (m / B + 1) is least at B = √(copy · m).
 */
export function blockSize(pairs: number, experts: number): number {
  const perExpert = pairs / experts;
  if (perExpert <= 1) return 1;
  return 2 ** Math.floor(Math.log2(Math.max(Math.sqrt(rowsPerCopy * perExpert), perExpert / fullBlocks)));
}

/**
 * The pairs of a token and one of its experts, in blocks of B rows that have one expert each: sorted by expert, the tokens of each expert filled up to whole
 * blocks. Whatever the routing, there are equally many blocks, at most (n · k + E · (B − 1)) / B; those not needed repeat the first token, and nobody
 * reads them. The sort is one by counting, in a few ops on [n · k, E] whole numbers, so that nothing has to be read back.
 *
 * Gale et al. 2022, "MegaBlocks: efficient sparse training with mixture-of-experts".
 */
export class BlockGroups {
  /** B. */
  readonly size: number;
  readonly blocks: number;
  /** The expert of each block, i32 [blocks]. */
  readonly expert: Tensor;
  /** The token of each row, i32 [blocks · B]. */
  readonly #token: Tensor;
  /** The row of each pair, i32 [n · k]; undefined when they are in order. */
  readonly #row: Tensor | undefined;

  /** chosen: i32 [n, k], of `experts`. */
  constructor(chosen: Tensor, experts: number, size: number) {
    const [n, k] = chosen.shape as [number, number];
    const pairs = n * k;
    const on = chosen.backend;
    const expert = reshape(chosen, [pairs]);
    const token = reshape(expand(reshape(iota(n, 0, on), [n, 1]), [n, k]), [pairs]);
    this.size = size;
    if (size === 1) {
      this.blocks = pairs;
      this.expert = expert;
      this.#token = token;
      return;
    }
    // Neither more than the padded groups have together, nor than each expert with all tokens.
    const padded = Math.floor((pairs + Math.min(experts, pairs) * (size - 1)) / size);
    this.blocks = Math.min(padded, experts * Math.ceil(n / size));
    const soFar = cumulativeSum(oneHot(expert, experts, "i32"), 0);
    const counts = slice(soFar, 0, pairs - 1, 1);
    const needed = cast(floor(mul(cast(add(counts, size - 1), "f32"), 1 / size)), "i32"); // exact: size is a power of two
    const ends = cumulativeSum(needed, 1);
    const begins = reshape(mul(sub(ends, needed), size), [experts, 1]);
    const place = sub(takeAlong(soFar, reshape(expert, [pairs, 1])), 1);
    const block = reshape(iota(this.blocks, 0, on), [this.blocks, 1]);
    this.expert = minimum(sum(cast(lessOrEqual(ends, block), "i32"), 1), experts - 1);
    this.#row = reshape(add(gather(begins, expert), place), [pairs]);
    this.#token = scatterAlong(this.#row, token, this.blocks * size);
  }

  /** Tokens as the rows of the blocks: x [n, d] → [blocks, B, d]. */
  spread(x: Tensor): Tensor {
    return reshape(gather(x, this.#token), [this.blocks, this.size, x.shape[1]!]);
  }

  /** Rows of the blocks by pair: y [blocks, B, d] → [n · k, d]. */
  byPair(y: Tensor): Tensor {
    const rows = reshape(y, [this.blocks * this.size, y.shape[2]!]);
    return this.#row === undefined ? rows : gather(rows, this.#row);
  }

  /** The way back from {@link byPair}, with zeros where a block is not full: [n · k, d] → [blocks, B, d]. */
  byBlock(pairs: Tensor): Tensor {
    const rows = this.blocks * this.size;
    const y = this.#row === undefined ? pairs : scatterAdd(this.#row, pairs, rows);
    return reshape(y, [this.blocks, this.size, pairs.shape[1]!]);
  }

  /** The matrices of the blocks' experts, copied: [experts, m, n] → [blocks, m, n]. */
  matrices(stacked: Tensor): Tensor {
    const [experts, m, n] = stacked.shape as [number, number, number];
    return reshape(gather(reshape(stacked, [experts, m * n]), this.expert), [this.blocks, m, n]);
  }
}
