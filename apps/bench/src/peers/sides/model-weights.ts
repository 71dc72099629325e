import { spreadOf, turned, values } from "../data.ts";

/** The values of one parameter of a model. */
export const parameterValues = (path: string, shape: readonly number[]): Float32Array =>
  values(
    path,
    shape.reduce((x, y) => x * y, 1),
    spreadOf(path, shape),
  );

/** A weight [out, in] as libraries want it that compute x W: [in, out]. */
export const turnedWeight = (path: string, input: number, out: number): Float32Array =>
  turned(parameterValues(path, [out, input]), out, input);
