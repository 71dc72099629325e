import type { FastTextLoss, FastTextTask } from "../settings.ts";

/** What a fastText file begins with, as the little-endian number that its four bytes are. */
export const magic = 793712314;
/** The version that is written. Version 11 says the same, but a classifier of it has no character n-grams. */
export const version = 12;

/** The tasks, by their number in the file less 1. */
export const tasks: readonly FastTextTask[] = ["cbow", "skip-gram", "supervised"];
/** The losses, by their number in the file less 1. */
export const losses: readonly FastTextLoss[] = ["hierarchical-softmax", "negative-sampling", "softmax", "one-vs-all"];

/** Bytes of the settings: twelve whole numbers and one of f64. */
export const settingsBytes = 56;
