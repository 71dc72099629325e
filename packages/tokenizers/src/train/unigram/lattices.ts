import { characterStarts } from "./seeds.ts";

/**
 * All ways to write each of many strings in pieces. A string is a lattice: its nodes are the places between characters, and an edge is a
 * piece that fits between two of them. The edges of all strings lie in flat arrays, ordered by string and then by where they begin, so that
 * dynamic programming is one pass over them.
 */
export class Lattices {
  /** How many nodes each string has: its characters and one. */
  readonly nodes: readonly number[];
  /** Where the edges of each string begin in the three arrays; one more entry than strings. */
  readonly first: Int32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly piece: Uint32Array;

  private constructor(
    nodes: readonly number[],
    first: Int32Array,
    from: Uint32Array,
    to: Uint32Array,
    piece: Uint32Array,
  ) {
    this.nodes = nodes;
    this.first = first;
    this.from = from;
    this.to = to;
    this.piece = piece;
  }

  /** With `proper`, a string that is a piece itself must be written in at least two others. */
  static of(
    strings: readonly string[],
    ids: ReadonlyMap<string, number>,
    maximumPieceLength: number,
    proper: boolean = false,
  ): Lattices {
    const nodes: number[] = [];
    const first = [0];
    const edges: { from: number[]; to: number[]; piece: number[] } = { from: [], to: [], piece: [] };
    for (const string of strings) {
      const starts = characterStarts(string);
      const end = starts.length - 1;
      nodes.push(starts.length);
      for (let from = 0; from < end; from++) {
        for (let to = from + 1; to <= Math.min(end, from + maximumPieceLength); to++) {
          if (proper && from === 0 && to === end) continue;
          const piece = ids.get(string.slice(starts[from], starts[to]));
          if (piece === undefined) continue;
          edges.from.push(from);
          edges.to.push(to);
          edges.piece.push(piece);
        }
      }
      first.push(edges.piece.length);
    }
    return new Lattices(
      nodes,
      Int32Array.from(first),
      Uint32Array.from(edges.from),
      Uint32Array.from(edges.to),
      Uint32Array.from(edges.piece),
    );
  }

  /** These strings without the edges of other pieces; `renamed[id]` is the new id of a piece, or −1. */
  keep(renamed: Int32Array, strings: readonly number[]): Lattices {
    const first = new Int32Array(strings.length + 1);
    const from = new Uint32Array(this.from.length);
    const to = new Uint32Array(this.to.length);
    const piece = new Uint32Array(this.piece.length);
    let kept = 0;
    for (let index = 0; index < strings.length; index++) {
      const string = strings[index]!;
      for (let edge = this.first[string]!; edge < this.first[string + 1]!; edge++) {
        const id = renamed[this.piece[edge]!]!;
        if (id < 0) continue;
        from[kept] = this.from[edge]!;
        to[kept] = this.to[edge]!;
        piece[kept++] = id;
      }
      first[index + 1] = kept;
    }
    const nodes = strings.map((string) => this.nodes[string]!);
    return new Lattices(nodes, first, from.slice(0, kept), to.slice(0, kept), piece.slice(0, kept));
  }
}
