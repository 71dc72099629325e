/** Where storage begins and ends, in bytes. */
export interface Region {
  readonly at: number;
  readonly size: number;
}

/** A piece of the memory, in use or free. Those that lie side by side know each other; free ones stand in the list of their class. */
class Piece implements Region {
  at: number;
  size: number;
  free = true;
  before: Piece | undefined;
  after: Piece | undefined;
  previous: Piece | undefined;
  next: Piece | undefined;
  constructor(at: number, size: number) {
    this.at = at;
    this.size = size;
  }
}

/** Storage is made of these, and begins at a multiple of them: a cache line. In bytes. */
export const grain = 64;
const finer = 3; // each power of two is divided into 2³ classes

/** The class of pieces of n grains: eight to each power of two. */
function classOf(n: number): number {
  if (n < 1 << finer) return n;
  const power = 31 - Math.clz32(n);
  return ((power - finer + 1) << finer) + ((n >>> (power - finer)) & ((1 << finer) - 1));
}

/** The first class all of whose pieces have at least n grains. */
function classFor(n: number): number {
  if (n < 1 << finer) return n;
  const power = 31 - Math.clz32(n);
  return classOf(n + (1 << (power - finer)) - 1);
}

/**
 * Gives out parts of one growing memory: two-level segregated fit (Masmano et al. 2004, "TLSF: a new dynamic memory allocator for
 * real-time systems"). A request takes the first piece of the smallest class that surely fits, and the rest is split off; what is given
 * back is joined with free neighbours at once, so that the same work, repeated, finds the same memory. Both take constant time.
 */
export class Allocator {
  readonly #first: (Piece | undefined)[] = [];
  /** Bit c of word w tells that class 32w + c has a free piece. */
  readonly #filled = new Uint32Array(8);
  #last: Piece | undefined;
  #used = 0;
  readonly #grow: (bytes: number) => void;
  #end: number;

  /** Manages addresses from `start` on. `grow` makes room for as many bytes more behind the last, or throws. */
  constructor(start: number, grow: (bytes: number) => void) {
    this.#end = Math.ceil(start / grain) * grain;
    this.#grow = grow;
  }

  /** How many bytes are given out. */
  get used(): number {
    return this.#used;
  }
  /** The address behind the last byte managed. */
  get end(): number {
    return this.#end;
  }

  /** At least as many bytes, aligned to a cache line. What they hold is unspecified. */
  allocate(bytes: number): Region {
    const n = Math.max(1, Math.ceil(bytes / grain));
    const piece = this.#find(classFor(n)) ?? this.#extend(n);
    this.#leave(piece);
    const rest = piece.size - n * grain;
    if (rest > 0) {
      const other = new Piece(piece.at + n * grain, rest);
      this.#link(other, piece.after);
      this.#link(piece, other);
      if (this.#last === piece) this.#last = other;
      piece.size = n * grain;
      this.#enter(other);
    }
    piece.free = false;
    this.#used += piece.size;
    return piece;
  }

  /** Takes a region back. Throws when it was given back before. */
  release(region: Region): void {
    const piece = region as Piece;
    if (piece.free) throw new RangeError(`the region at ${piece.at} was released twice`);
    this.#used -= piece.size;
    const { before, after } = piece;
    if (after?.free === true) {
      this.#leave(after);
      this.#absorb(piece, after);
    }
    piece.free = true;
    if (before?.free === true) {
      this.#leave(before);
      this.#absorb(before, piece);
      this.#enter(before);
    } else this.#enter(piece);
  }

  #link(left: Piece | undefined, right: Piece | undefined): void {
    if (left !== undefined) left.after = right;
    if (right !== undefined) right.before = left;
  }
  #absorb(piece: Piece, after: Piece): void {
    piece.size += after.size;
    this.#link(piece, after.after);
    if (this.#last === after) this.#last = piece;
  }

  /** A free piece of this class or the next one that has any. */
  #find(from: number): Piece | undefined {
    for (let word = from >>> 5; word < this.#filled.length; word++) {
      const bits = this.#filled[word]! & (word === from >>> 5 ? -1 << (from & 31) : -1);
      if (bits !== 0) return this.#first[32 * word + 31 - Math.clz32(bits & -bits)];
    }
    return undefined;
  }
  /** The last piece, made large enough for n grains by growing the memory. */
  #extend(n: number): Piece {
    const last = this.#last;
    const spare = last?.free === true ? last.size : 0;
    const more = n * grain - spare;
    if (more > 0) this.#grow(more);
    if (spare > 0) {
      this.#leave(last!);
      last!.size += Math.max(0, more);
      this.#end += Math.max(0, more);
      this.#enter(last!);
      return last!;
    }
    const piece = new Piece(this.#end, more);
    this.#end += more;
    this.#link(last, piece);
    this.#last = piece;
    this.#enter(piece);
    return piece;
  }

  #enter(piece: Piece): void {
    const c = classOf(piece.size / grain);
    const head = this.#first[c];
    piece.previous = undefined;
    piece.next = head;
    if (head !== undefined) head.previous = piece;
    this.#first[c] = piece;
    this.#filled[c >>> 5]! |= 1 << (c & 31);
  }
  #leave(piece: Piece): void {
    const { previous, next } = piece;
    if (next !== undefined) next.previous = previous;
    if (previous !== undefined) previous.next = next;
    else {
      const c = classOf(piece.size / grain);
      this.#first[c] = next;
      if (next === undefined) this.#filled[c >>> 5]! &= ~(1 << (c & 31));
    }
    piece.previous = piece.next = undefined;
  }
}
