import type { Spec } from "@tenon/models";
import { CheckpointError } from "@tenon/tensor";

import type { Config } from "../config/config.ts";
import type { Weights } from "../weights/open-weights.ts";

/** Numbers of a spec's attention that are the size of nothing. */
const factors = new Set(["scale", "softCap"]);

/**
 * Refuses a config whose sizes the checkpoint cannot have, before anything of that size is made: no tensor is so large, or there are fewer tensors than layers. What is
 * only wrong, and not absurd, is found by comparing the shapes.
 */
export function expectPlausible(spec: Spec, weights: Weights, config: Config): void {
  const shapes = [...weights.tensors.values()].map(({ shape }) => shape);
  const largest = shapes.flat().reduce((a, b) => Math.max(a, b), 0);
  const layers = layersOf(spec);
  const sizes = sizesOf(spec).flatMap(Object.entries<unknown>);
  const absurd = sizes.find(([name, size]) => !factors.has(name) && typeof size === "number" && size > largest);
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

function layersOf(spec: Spec): number {
  const own = ({ layers, layerGroups = layers }: { readonly layers: number; readonly layerGroups?: number }): number =>
    layerGroups;
  if (spec.kind === "encoder-decoder") return own(spec.encoder) + own(spec.decoder);
  return "layers" in spec ? own(spec) : 0;
}

/** Numbers none of which is larger than every axis of every tensor. */
function sizesOf(spec: Spec): readonly Readonly<Record<string, unknown>>[] {
  switch (spec.kind) {
    case "image-encoder": {
      const { image, patch, channels, width, attention, feedForward, head } = spec;
      const patches = Math.floor(image[0] / patch[0]) * Math.floor(image[1] / patch[1]);
      return [{ width, channels, patches, ...attention, ...feedForward, ...head }];
    }
    case "rnn-encoder-decoder":
    case "rnn-search":
      return [{ ...spec, version: undefined }];
    default: {
      const { width, vocabulary, tokens } = spec;
      const stacks = spec.kind === "encoder-decoder" ? [spec.encoder, spec.decoder] : [spec];
      const own = spec.kind === "encoder" ? { segments: spec.segments, ...spec.head } : {};
      return stacks.map(({ attention, feedForward, position, context }) => ({
        ...{ width, vocabulary, ...own, ...attention, ...feedForward },
        tokens: tokens?.width,
        context: position.kind === "learned" ? context : undefined,
      }));
    }
  }
}
