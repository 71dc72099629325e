import type { Part } from "@tenon/nn";

/** The paths of the weights that have adapters. */
export const adaptedWeights = (model: Part): string[] =>
  [...model.parameters()].filter(([, { adapter }]) => adapter !== undefined).map(([path]) => path);

/** The paths of the weights that are held in levels. */
export const weightsInLevels = (model: Part): string[] =>
  [...model.parameters()].filter(([, { quantized }]) => quantized !== undefined).map(([path]) => path);
