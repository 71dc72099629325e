import { type Backend, BackendError, matmul, slice, type Tensor, tensor } from "@tenon/tensor";

/** How fast a backend multiplies two matrices. */
export interface ProductSpeed {
  /** Rows and columns of both. */
  readonly size: number;
  /** 2·m·n·k operations, in thousands of millions a second. */
  readonly gflopPerSecond: number;
}

/** The sizes to try: of a backend that is too slow for one, the one before is measured. */
const sizes = [128, 256, 512] as const;
/** A product should take no longer, in seconds. */
const longest = 0.2;
/** How long products are repeated, in seconds. */
const patience = 0.3;
/** How long the products take that are timed together, in seconds: long beside a look at the result, which a graphics device is slow to show. */
const together = 0.03;

/**
 * Measures an f32 product: once to warm up, then again and again for about 0.3 s, of which the fastest counts. Frees what it made.
 *
 * Throws `BackendError` when the product is wrong.
 */
export async function measureProduct(on: Backend): Promise<ProductSpeed> {
  for (const size of sizes) {
    const [a, b] = [matrix(size, 0, on), matrix(size, 1, on)];
    try {
      await multiply(a, b, 1);
      const once = await multiply(a, b, 1);
      if (size !== sizes.at(-1) && 8 * once < longest) continue;
      return { size, gflopPerSecond: (2 * size ** 3) / (await fastest(a, b, once)) / 1e9 };
    } finally {
      a[Symbol.dispose]();
      b[Symbol.dispose]();
    }
  }
  throw new Error("unreachable: the last size is measured");
}

/** Seconds for one product, at best. */
async function fastest(a: Tensor, b: Tensor, once: number): Promise<number> {
  const times = Math.ceil(together / once);
  const end = performance.now() + 1000 * patience;
  let best = Infinity;
  do best = Math.min(best, await multiply(a, b, times));
  while (performance.now() < end);
  return best;
}

/** Multiplies so many times, and waits until all is done: seconds for one product. */
async function multiply(a: Tensor, b: Tensor, times: number): Promise<number> {
  const start = performance.now();
  for (let i = 1; i < times; i++) matmul(a, b)[Symbol.dispose]();
  const product = matmul(a, b);
  const row = slice(product, 0, 0, 1);
  try {
    const got = (await row.read())[0]!;
    const seconds = (performance.now() - start) / 1000 / times;
    expectProduct(got, a.type.shape[0]!);
    return seconds;
  } finally {
    row[Symbol.dispose]();
    product[Symbol.dispose]();
  }
}

const element = (index: number, seed: number): number => Math.fround(Math.sin(index + seed));

const matrix = (size: number, seed: number, on: Backend): Tensor =>
  tensor(
    Float32Array.from({ length: size * size }, (_, i) => element(i, seed)),
    [size, size],
    on,
  );

/** A device that fails may give zeros instead of an error. */
function expectProduct(got: number, size: number): void {
  let expected = 0;
  for (let i = 0; i < size; i++) expected += element(i, 0) * element(i * size, 1);
  if (Math.abs(got - expected) < 1e-3) return;
  throw new BackendError(`it multiplies wrongly: an element of a product is ${got} instead of ${expected}`, {
    got,
    expected,
  });
}
