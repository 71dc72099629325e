import type { NamedActivation } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { activations, geluSlopes } from "./activations.ts";
import { shapeAt, type BlockCall, type Result, type Kernels } from "./call.ts";
import { erf, exp, log, log1p, sine, tanh, whole } from "./functions.ts";
import { broadcastPlaces } from "./places.ts";

const letters = ["a", "b", "c"] as const;

/** Runs an expression of up to three operands that broadcast, in the names a, b and c. A number is passed as one. */
export function elementwise(
  engine: Engine,
  name: string,
  inputs: readonly (Block | number)[],
  call: BlockCall,
  expression: string,
  functions: readonly string[],
): Result {
  const tensors = inputs.flatMap((input, i) => (typeof input === "number" ? [] : [i]));
  const { out, before, operands } = broadcastPlaces(
    call.output.shape,
    tensors.map((i) => shapeAt(call, i)),
  );
  const arrays: Record<string, readonly [Block, readonly number[]]> = {};
  const numbers: Record<string, number> = {};
  let read = before;
  inputs.forEach((input, i) => {
    const letter = letters[i]!;
    if (typeof input === "number") numbers[letter] = input;
    else {
      const { shape, at } = operands[tensors.indexOf(i)]!;
      arrays[`${letter}s`] = [input, shape];
      read += `const ${letter} = ${letter}s${at};\n`;
    }
  });
  return engine.run({
    name,
    out: call.output.shape.includes(0) ? [0] : out,
    arrays,
    numbers,
    functions,
    body: `${read}return ${expression};`,
  });
}

type Binary = (inputs: readonly [Block | number, Block | number], attrs: object, call: BlockCall) => Result;
type Unary = (inputs: readonly [Block], attrs: object, call: BlockCall) => Result;

/** The kernels that treat each element alone. */
export function elementwiseTable(
  engine: Engine,
): Kernels<
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "maximum"
  | "equal"
  | "less"
  | "lessOrEqual"
  | "both"
  | "either"
  | "not"
  | "exp"
  | "log"
  | "log1p"
  | "sqrt"
  | "tanh"
  | "erf"
  | "sin"
  | "cos"
  | "floor"
  | "where"
  | "abs"
  | "relu"
  | "squaredRelu"
  | "sigmoid"
  | "silu"
  | "softplus"
  | "gelu"
  | "geluGradient"
> {
  const run =
    (name: string, expression: string, ...functions: readonly string[]) =>
    (inputs: readonly (Block | number)[], _: object, call: BlockCall): Result =>
      elementwise(engine, name, inputs, call, expression, functions);
  const unary: (name: string, expression: string, ...functions: readonly string[]) => Unary = run;
  const binary: (name: string, expression: string) => Binary = run;
  /** Of whole numbers, those beyond what floats hold are marked. */
  const numeric =
    (name: string, expression: string): Binary =>
    (inputs, _, call) =>
      call.output.dtype === "i32"
        ? elementwise(engine, name, inputs, call, `whole(${expression})`, [whole])
        : elementwise(engine, name, inputs, call, expression, []);
  const activation = (name: NamedActivation): Unary =>
    unary(name, activations[name].expression, ...activations[name].functions);
  return {
    add: numeric("add", "a + b"),
    sub: numeric("sub", "a - b"),
    mul: numeric("mul", "a * b"),
    div: binary("div", "a / b"),
    maximum: binary("maximum", "a > b || NAN(a) ? a : b"),
    equal: binary("equal", "a === b ? 1 : 0"),
    less: binary("less", "a < b ? 1 : 0"),
    lessOrEqual: binary("lessOrEqual", "a <= b ? 1 : 0"),
    both: binary("both", "a * b"),
    either: binary("either", "Math.max(a, b)"),
    not: unary("not", "1 - a"),
    exp: unary("exp", "expOf(a)", exp),
    log: unary("log", "logOf(a)", log),
    log1p: unary("log1p", "log1pOf(a)", log1p),
    sqrt: unary("sqrt", "Math.sqrt(a)"),
    tanh: unary("tanh", "tanhOf(a)", tanh),
    erf: unary("erf", "erfOf(a)", erf),
    sin: unary("sin", "sineOf(a, 0)", sine),
    cos: unary("cos", "sineOf(a, 1)", sine),
    floor: unary("floor", "Math.floor(a)"),
    where: run("where", "a !== 0 ? b : c"),
    abs: unary("abs", "Math.abs(a)"),
    relu: activation("relu"),
    squaredRelu: activation("squaredRelu"),
    sigmoid: activation("sigmoid"),
    silu: activation("silu"),
    softplus: activation("softplus"),
    gelu: (inputs, { form }, call) => activation(form === "exact" ? "gelu" : "geluTanh")(inputs, {}, call),
    geluGradient: (inputs, { form }, call) => {
      const { expression, functions } = geluSlopes[form];
      return elementwise(engine, `geluGradient_${form}`, inputs, call, expression, functions);
    },
  };
}
