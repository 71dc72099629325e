import type { Parameter } from "@tenon/nn";
import { type Backend, BackendError, type Shape, ShapeError, type Tensor } from "@tenon/tensor";

import { sameShape } from "../same-shape.ts";
import { expectF32 } from "./expect-f32.ts";

/** What an optimiser knows of a parameter: where it stands in the model, its shape when the optimiser was made, and where the memory of it lives. */
interface Known {
  readonly path: string;
  readonly shape: Shape;
  readonly home: Backend | undefined;
}

/** Throws `ConfigError`, `ShapeError` or `BackendError` unless parameter, gradient and what is remembered fit together. */
export function expectGradient(
  owner: string,
  parameter: Parameter,
  gradient: Tensor,
  { path, shape: before, home }: Known,
): void {
  const { shape } = parameter.type;
  expectF32(owner, path, parameter, "let masterWeights make the optimiser, or freeze the parameter");
  if (!sameShape(before, shape)) {
    throw new ShapeError(
      `${owner}: ${path} is [${shape.join(", ")}] and was [${before.join(", ")}] when the optimiser was made; make a new one after a parameter is resized`,
      { path, shape, before },
    );
  }
  if (!sameShape(shape, gradient.shape)) {
    throw new ShapeError(
      `${owner}: the gradient of ${path} is [${gradient.shape.join(", ")}], the parameter [${shape.join(", ")}]`,
      { path, shape, gradient: gradient.shape },
    );
  }
  const on = parameter.value.backend;
  const backends = [on, gradient.backend, home ?? on];
  if (backends.some((backend) => backend !== on)) {
    throw new BackendError(
      `${owner}: ${path} lives on "${backends[0]!.name}", its gradient on "${backends[1]!.name}" and what is remembered of it on "${backends[2]!.name}", which must be one and the same. After the model has moved, optimiser.load(await optimiser.state()) lets the memory follow.`,
      { path, backends: backends.map((backend) => backend.name) },
    );
  }
}
