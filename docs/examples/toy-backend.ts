// A backend of one's own: it keeps tensors in typed arrays, multiplies matrices and takes exponentials and softmax by itself, and borrows
// everything else. It passes all tests of @tenon/backend-testkit: toy-backend.test.ts beside this file runs them.
import {
  type Backend,
  cpuKernels,
  fromHalf,
  isHalf,
  kernelBackend,
  type KernelTable,
  matmul,
  primitives,
  sizeOf,
  softmax,
  type Storage,
  tensor,
  type TensorType,
  toHalf,
  type TypedArray,
} from "@tenon/tensor";

// What holds the elements of each dtype. 16-bit floats are kept as their bits, and two levels of q4 share a byte.
const arrays = {
  f32: Float32Array,
  f16: Uint16Array,
  bf16: Uint16Array,
  i32: Int32Array,
  u8: Uint8Array,
  bool: Uint8Array,
  q8: Int8Array,
  q4: Uint8Array,
};

const storage: Storage<TypedArray> = {
  allocate: ({ dtype, shape }) => new arrays[dtype](sizeOf(shape) / (dtype === "q4" ? 2 : 1)),
  upload(data, type) {
    const mine = this.allocate(type);
    mine.set(isHalf(type.dtype) && !(data instanceof Uint16Array) ? toHalf(data, type.dtype) : data);
    return mine;
  },
  read: (data, { dtype }) => (isHalf(dtype) ? fromHalf(data as Uint16Array, dtype) : data.slice()),
  free: () => undefined, // the garbage collector does that
};

/** Every primitive has to be in the table: a missing one does not compile. These are borrowed from cpu(). */
const borrowed = Object.fromEntries(
  Object.entries(cpuKernels).filter(([name]) => name in primitives),
) as unknown as KernelTable<TypedArray>;

const kernels: KernelTable<TypedArray> = {
  ...borrowed,

  // y = eˣ, element by element. A kernel gets the inputs' storage and allocates the output's.
  exp: ([x], _, call) => {
    const y = call.allocate(call.output);
    for (let i = 0; i < y.length; i++) y[i] = Math.exp(x[i]!);
    return y;
  },

  // y [b…, m, n] = a [b…, m, k] · b [b…, k, n]. A transposed side is read the other way.
  matmul: ([a, b], { transposeA, transposeB }, call) => {
    const y = call.allocate(call.output);
    const [m, n] = call.output.shape.slice(-2) as [number, number];
    const k = (call.inputs[0] as TensorType).shape.at(transposeA ? -2 : -1)!;
    for (let o = 0; o < y.length; o++) {
      const [each, i, j] = [Math.floor(o / (m * n)), Math.floor(o / n) % m, o % n];
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const x = a[each * m * k + (transposeA ? p * m + i : i * k + p)]!;
        sum += x * b[each * k * n + (transposeB ? j * k + p : p * n + j)]!;
      }
      y[o] = sum;
    }
    return y;
  },

  // A composite: without a kernel, softmax would run as the primitives that it is made of. This one takes rows, and declines other axes.
  softmax: {
    accepts: ({ axis }, [x]) => axis === x.shape.length - 1,
    run: ([x], _, call) => {
      const y = call.allocate(call.output);
      const width = call.output.shape.at(-1)!;
      for (let row = 0; row < y.length; row += width) {
        let [most, sum] = [-Infinity, 0];
        for (let i = row; i < row + width; i++) most = Math.max(most, x[i]!);
        for (let i = row; i < row + width; i++) sum += y[i] = Math.exp(x[i]! - most);
        for (let i = row; i < row + width; i++) y[i]! /= sum;
      }
      return y;
    },
  },
};

export const toy = (): Backend => kernelBackend({ name: "toy", storage, kernels, halves: ["gather", "takeAlong"] });

const on = toy();
const scores = matmul(tensor([1, 2, 3, 4], [2, 2], on), tensor([1, 0, 0, 1], [2, 2], on));
console.log(
  on.name,
  Array.from(await softmax(scores).read(), (x) => x.toFixed(3)),
);

// prints:
// toy [ '0.269', '0.731', '0.269', '0.731' ]
