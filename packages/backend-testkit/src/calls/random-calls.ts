import type { composites, primitives } from "@tenon/tensor";

import type { OpCall } from "../run-op.ts";
import type { Draw } from "./draw.ts";
import { elementwiseCalls } from "./elementwise-calls.ts";
import { layoutCalls } from "./layout-calls.ts";
import { modelCalls } from "./model-calls.ts";
import { updateCalls } from "./update-calls.ts";
import { reductionCalls } from "./reduction-calls.ts";

/** A random call of each op. An op without a row here does not compile. */
export const randomCalls: {
  readonly [K in keyof typeof primitives | keyof typeof composites]: (draw: Draw) => OpCall;
} = {
  ...elementwiseCalls,
  ...layoutCalls,
  ...reductionCalls,
  ...modelCalls,
  ...updateCalls,
};
