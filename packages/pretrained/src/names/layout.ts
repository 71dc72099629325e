import type { Shape } from "@tenon/tensor";

/** A tensor on the host, row-major. */
export interface HostTensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** How the tensors of a checkpoint become parameters of Tenon, and back. Both directions lose nothing. */
export interface Layout {
  /** Which shapes a checkpoint has for parameters of these shapes: checked before anything is read. */
  shapes(ours: readonly Shape[]): readonly Shape[];
  /** From the checkpoint: theirs to ours, of the given shapes. */
  load(theirs: readonly HostTensor[], ours: readonly Shape[]): readonly HostTensor[];
  /** To a checkpoint: ours to theirs. */
  save(ours: readonly HostTensor[]): readonly HostTensor[];
}

/** The same numbers in the same shape. */
export const same: Layout = { shapes: (ours) => ours, load: (theirs) => theirs, save: (ours) => ours };

/** A vector of ours is a matrix of one row: the bias of BART's logits. */
export const asRow: Layout = {
  shapes: (ours) => ours.map((shape) => [1, ...shape]),
  load: (theirs, ours) => theirs.map(({ values }, i) => ({ shape: ours[i]!, values })),
  save: (ours) => ours.map(({ shape, values }) => ({ shape: [1, ...shape], values })),
};

/** Matrices are stored the other way round, [in, out]: GPT-2's `Conv1D`. Vectors stay. */
export const transposed: Layout = {
  shapes: (ours) => ours.map((shape) => [...shape].reverse()),
  load: (theirs) => theirs.map(transpose),
  save: (ours) => ours.map(transpose),
};

/** Several of ours are one of theirs, one below the other: `qkv_proj` of Phi-3. */
export const joined: Layout = {
  shapes: (ours) => [[ours.reduce((rows, [count]) => rows + count!, 0), ...ours[0]!.slice(1)]],
  load([all], ours) {
    let begin = 0;
    return ours.map((shape) => {
      const end = begin + shape.reduce((product, size) => product * size, 1);
      const values = all!.values.slice(begin, end);
      begin = end;
      return { shape, values };
    });
  },
  save: (ours) => {
    const [shape] = joined.shapes(ours.map((one) => one.shape));
    const values = new Float32Array(ours.reduce((length, one) => length + one.values.length, 0));
    let at = 0;
    for (const one of ours) {
      values.set(one.values, at);
      at += one.values.length;
    }
    return [{ shape: shape!, values }];
  },
};

/** `joined`, then stored the other way round: `c_attn` of GPT-2. */
export const joinedTransposed: Layout = {
  shapes: (ours) => transposed.shapes(joined.shapes(ours)),
  load: (theirs, ours) => joined.load(transposed.load(theirs, []), ours),
  save: (ours) => transposed.save(joined.save(ours)),
};

/** Several of ours are one of theirs, taking turns head by head: the query, key and value of head 0, then those of head 1 …: GPT-NeoX. */
export function joinedByHead(heads: number): Layout {
  return {
    shapes: (ours) => joined.shapes(ours),
    load([all], ours) {
      const each = all!.values.length / heads / ours.length;
      return ours.map((shape, part) => {
        const values = new Float32Array(each * heads);
        for (let head = 0; head < heads; head++) {
          const begin = (head * ours.length + part) * each;
          values.set(all!.values.subarray(begin, begin + each), head * each);
        }
        return { shape, values };
      });
    },
    save(ours) {
      const [shape] = joined.shapes(ours.map((one) => one.shape));
      const each = ours[0]!.values.length / heads;
      const values = new Float32Array(each * heads * ours.length);
      for (const [part, one] of ours.entries())
        for (let head = 0; head < heads; head++)
          values.set(one.values.subarray(head * each, (head + 1) * each), (head * ours.length + part) * each);
      return [{ shape: shape!, values }];
    },
  };
}

/** One of ours, [count, …], is as many of theirs: the experts of Mixtral. */
export const stacked: Layout = {
  shapes: ([ours]) => Array.from({ length: ours![0]! }, () => ours!.slice(1)),
  load(theirs, [shape]) {
    const each = theirs[0]!.values.length;
    const values = new Float32Array(each * theirs.length);
    theirs.forEach((one, i) => values.set(one.values, i * each));
    return [{ shape: shape!, values }];
  },
  save([ours]) {
    const [count, ...shape] = ours!.shape as [number, ...number[]];
    const each = ours!.values.length / count;
    return Array.from({ length: count }, (_, i) => ({ shape, values: ours!.values.slice(i * each, (i + 1) * each) }));
  },
};

function transpose({ shape, values }: HostTensor): HostTensor {
  if (shape.length < 2) return { shape, values };
  const [rows, columns] = shape as [number, number];
  const turned = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j]!;
  return { shape: [columns, rows], values: turned };
}
