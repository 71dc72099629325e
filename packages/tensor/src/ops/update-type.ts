import { ShapeError } from "../errors.ts";
import { sameShape, show, type TensorType } from "../shape.ts";
import { expectDType } from "./operand.ts";

/** Throws unless what an update takes, by the names in its formula, is f32 and each of the shape of the first, the parameter. */
export function expectAlike(op: string, inputs: Readonly<Record<string, TensorType>>): void {
  const [parameter] = Object.values(inputs);
  for (const [name, x] of Object.entries(inputs)) {
    expectDType(op, x, "f32", name);
    if (!sameShape(x.shape, parameter!.shape))
      throw new ShapeError(
        `${op}: ${name} ${show(x.shape)} must be the shape of the parameter ${show(parameter!.shape)}`,
        {
          parameter: parameter!.shape,
          [name]: x.shape,
        },
      );
  }
}
