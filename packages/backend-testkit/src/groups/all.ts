import type { GroupName } from "../group-names.ts";
import { decorators } from "./decorators.ts";
import { errors } from "./errors.ts";
import { fused } from "./fused.ts";
import { goldenTests } from "./goldens.ts";
import { gradients, secondDerivatives } from "./gradients.ts";
import type { Group } from "./group.ts";
import { kernels } from "./kernels.ts";
import { memory } from "./memory.ts";
import { models } from "./models.ts";
import { order } from "./order.ts";
import { quantised } from "./quantised.ts";
import { large, properties } from "./random-shapes.ts";
import { randomness } from "./randomness.ts";
import { special } from "./special.ts";
import { storage } from "./storage.ts";
import { values } from "./values.ts";

/** Every group, in the order in which they run. */
export const groups: { readonly [K in GroupName]: Group } = {
  storage,
  ops: values,
  gradient: gradients,
  "second-derivative": secondDerivatives,
  fused,
  kernels,
  special,
  large,
  property: properties,
  golden: goldenTests,
  quantised,
  random: randomness,
  memory,
  async: order,
  errors,
  decorators,
  models,
};
