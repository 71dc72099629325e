import type { Spec } from "@tenon/models";
import { CheckpointError } from "@tenon/tensor";

import type { Config } from "../config/config.ts";
import type { Weights } from "../weights/open-weights.ts";

/**
 * Refuses a config whose sizes the checkpoint cannot have, before anything of that size is made: no tensor is so large, or there are fewer tensors than layers. What is
 * only wrong, and not absurd, is found by comparing the shapes.
 */
export function expectPlausible(spec: Spec, weights: Weights, config: Config): void {
  const shapes = [...weights.tensors.values()].map(({ shape }) => shape);
  const largest = shapes.flat().reduce((a, b) => Math.max(a, b), 0);
  const { width, vocabulary, tokens } = spec;
  const stacks = spec.kind === "encoder-decoder" ? [spec.encoder, spec.decoder] : [spec];
  const layers = stacks.reduce((sum, stack) => sum + stack.layers, 0);
  const sizes = stacks.flatMap(({ attention, feedForward }) =>
    Object.entries({ width, vocabulary, ...attention, ...feedForward, tokens: tokens?.width }),
  );
  const absurd = sizes.find(([, size]) => typeof size === "number" && size > largest);
  const problem =
    absurd !== undefined
      ? `a model whose ${absurd[0]} is ${absurd[1] as number}, but the largest size of a tensor in ${weights.name} is ${largest}`
      : layers > shapes.length
        ? `a model of ${layers} layers, but ${weights.name} has only ${shapes.length} tensors`
        : undefined;
  if (problem === undefined) return;
  throw new CheckpointError(
    `${config.file} describes ${problem}. Download the model again, or correct ${weights.description ?? "its config.json"}.`,
    { file: config.file },
  );
}
