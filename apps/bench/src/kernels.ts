// How fast the plain kernels of cpu are, at the sizes of a small GPT.
import { add, cpu, matmul, mul, random, Scope, softmax, uniform, type Shape, type Tensor } from "@tenon/tensor";

import { medians } from "./measure.ts";

export async function kernels(): Promise<void> {
  const on = cpu();
  const make = (shape: Shape): Tensor => uniform(shape, random(1).key, shape.length, on);
  const [x, y] = [make([768, 512]), make([768, 512])];
  const cases: { name: string; operations: number; run: () => Tensor }[] = [
    ...(
      [
        [768, 128, 384],
        [768, 128, 512],
        [768, 512, 128],
      ] as const
    ).map(([m, k, n]) => {
      const [a, b] = [make([m, k]), make([n, k])];
      return {
        name: `matmul ${m} × ${k} × ${n}`,
        operations: 2 * m * k * n,
        run: () => matmul(a, b, { transposeB: true }),
      };
    }),
    {
      name: "matmul 1 × 128 × 512 (decoding)",
      operations: 2 * 128 * 512,
      run: (
        (a, b) => () =>
          matmul(a, b, { transposeB: true })
      )(make([1, 128]), make([512, 128])),
    },
    { name: "add 768 × 512", operations: 768 * 512, run: () => add(x, y) },
    {
      name: "mul by a row 768 × 512",
      operations: 768 * 512,
      run: (
        (row) => () =>
          mul(x, row)
      )(make([512])),
    },
    { name: "softmax 768 × 512", operations: 768 * 512, run: () => softmax(x) },
  ];
  const times = await medians(
    Object.fromEntries(
      cases.map(({ name, run }) => [
        name,
        () => {
          using scope = new Scope();
          scope.run(run);
        },
      ]),
    ),
  );
  console.log("\nKernels of cpu (median)\n");
  for (const { name, operations } of cases) {
    const ms = times.get(name)!;
    console.log(
      `${name.padEnd(36)}${ms.toFixed(3).padStart(9)} ms${(operations / ms / 1e6).toFixed(2).padStart(8)} G operations/s`,
    );
  }
}
