import { type Backend, BackendError, matmul, tensor } from "@tenon/tensor";

/** Lets a backend multiply. Throws `BackendError` where it does not, or wrongly: a device that fails may give zeros instead of an error. */
export async function expectProduct(backend: Backend): Promise<void> {
  const a = tensor([1, 2, 3, 4], [2, 2], backend);
  const product = matmul(a, a);
  const got = await product.read();
  for (const each of [a, product]) each[Symbol.dispose]();
  const expected = [7, 10, 15, 22];
  if (expected.every((value, i) => Math.abs(got[i]! - value) < 1e-3)) return;
  throw new BackendError(
    `it multiplies wrongly: a product is ${[...got].join(", ")} instead of ${expected.join(", ")}`,
  );
}
