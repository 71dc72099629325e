import type { ActivationName } from "@tenon/nn";

import { call, code, imported, type Expression } from "../typescript/expression.ts";

/** Those that `@tenon/tensor` has under a name of its own. */
const operations: Readonly<Partial<Record<ActivationName | "identity", string>>> = {
  relu: "relu",
  "relu-squared": "squaredRelu",
  gelu: "gelu",
  silu: "silu",
  softplus: "softplus",
  sigmoid: "sigmoid",
  tanh: "tanh",
};

/** An activation as code; nothing where it is what the part has anyway. */
export function activationCode<Name extends ActivationName | "identity">(
  name: Name,
  usual: Name,
): Expression | undefined {
  if (name === usual) return undefined;
  if (name === "identity") return code`(x) => x`;
  const operation = operations[name];
  return operation === undefined
    ? call(imported("activationOf", "@tenon/nn"), name)
    : imported(operation, "@tenon/tensor");
}
