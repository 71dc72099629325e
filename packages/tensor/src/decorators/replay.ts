import type { Backend } from "../backend.ts";
import type { TypedArray } from "../dtype.ts";
import { BackendError, ConfigError, ShapeError } from "../errors.ts";
import { apply, type Attrs, type Input, type Op } from "../op.ts";
import * as composites from "../ops/composites.ts";
import * as primitives from "../ops/primitives.ts";
import { reshapeOp } from "../ops/reshape.ts";
import { stopGradientOp } from "../ops/stop-gradient.ts";
import { scoped, track } from "../scope.ts";
import { sameShape, show, type TensorType } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { layersOf, typesOf } from "./decorator.ts";
import {
  decodeAttribute,
  decodeNumber,
  type Graph,
  type GraphInput,
  type GraphNode,
  type GraphValue,
} from "./graph.ts";

const known: { readonly [name: string]: Op } = {
  ...primitives,
  ...composites,
  reshape: reshapeOp,
  stopGradient: stopGradientOp,
};

export interface ReplayOptions {
  /** A tensor for each input of the graph, by name. */
  readonly inputs?: { readonly [name: string]: Tensor };
  /** A tensor for each constant, by id: what {@link Recorder.constants} gives. */
  readonly constants?: ReadonlyMap<number, Tensor>;
  /** Ops of your own that the graph has, by name. Those of this package are known. */
  readonly ops?: { readonly [name: string]: Op };
  /** Where to run it. */
  readonly on: Backend;
}

/**
 * Runs a graph again, and gives its outputs by name. Inputs and constants on another backend than `on` are copied there, in each
 * replay; upload the constants yourself to run it often. What the graph computes on the way is freed at its last use.
 *
 * Throws `ConfigError` for an input or a constant that is missing or unknown and for an op that nobody knows, `ShapeError` for an input of
 * another type than the one that was recorded.
 *
 * @example
 * ```ts
 * const graph = JSON.parse(
 *   `{ "inputs": [{ "id": 0, "name": "x", "type": { "dtype": "f32", "shape": [2] } }], "constants": [],
 *      "nodes": [{ "op": "mul", "attrs": {}, "inputs": [0, { "number": 2 }], "outputs": [1], "types": [{ "dtype": "f32", "shape": [2] }] }],
 *      "outputs": { "y": 1 } }`,
 * ) as Graph;
 * const on = cpu();
 * const { y } = replay(graph, { inputs: { x: tensor([1, 2], [2], on) }, on });
 * console.log(await y!.read()); // Float32Array(2) [ 2, 4 ]
 * ```
 */
export function replay(
  graph: Graph,
  { inputs = {}, constants = new Map(), ops = {}, on }: ReplayOptions,
): Record<string, Tensor> {
  for (const name of Object.keys(inputs)) {
    if (graph.inputs.some((input) => input.name === name)) continue;
    throw new ConfigError(`replay: there is no input "${name}"; ${listed(graph)}`, { name });
  }
  return scoped(() => {
    const values = new Map<number, Tensor>();
    for (const input of graph.inputs) {
      const tensor = Object.hasOwn(inputs, input.name) ? inputs[input.name] : undefined;
      if (tensor === undefined)
        throw new ConfigError(`replay: the input "${input.name}" was not given; ${listed(graph)}`, {
          name: input.name,
        });
      values.set(input.id, entered(tensor, input, on));
    }
    for (const constant of graph.constants) {
      const tensor = constants.get(constant.id);
      if (tensor === undefined)
        throw new ConfigError(
          `replay: the constant ${called(constant)} was not given; pass \`constants\`, the recorder's constants() by id`,
          { id: constant.id },
        );
      values.set(constant.id, entered(tensor, constant, on));
    }
    const last = lastUses(graph);
    graph.nodes.forEach((node, i) => {
      const results = run(node, opOf(node.op, ops), values, on);
      node.outputs.forEach((id, k) => values.set(id, results[k]!));
      for (const id of [...node.outputs, ...node.inputs.filter((input) => typeof input === "number")])
        if ((last.get(id) ?? i) === i) values.get(id)?.[Symbol.dispose]();
    });
    const outputs: Record<string, Tensor> = {};
    for (const [name, id] of Object.entries(graph.outputs)) {
      const value = valueOf(values, id, `the output "${name}"`);
      outputs[name] = on.share(value, value.type); // two outputs may be one value
      track(outputs[name], "replay()");
    }
    return outputs;
  });
}

/** The value on `on`, in the active scope and owned by it. */
function entered(tensor: Tensor, value: GraphValue, on: Backend): Tensor {
  const { type } = value;
  if (tensor.handle === undefined)
    throw new BackendError(
      `replay: the tensor for ${called(value)} was already freed. It left its scope: return it from the scope, or keep() it.`,
    );
  if (tensor.dtype !== type.dtype || !sameShape(tensor.shape, type.shape))
    throw new ShapeError(
      `replay: ${called(value)} was recorded as ${text(type)}, got ${text(tensor.type)}; a graph is for the types that it was recorded with`,
      { expected: type, got: tensor.type },
    );
  const within = layersOf(on).includes(tensor.backend);
  const entering =
    tensor.backend === on
      ? on.share(tensor, tensor.type)
      : within
        ? on.lift(tensor)
        : on.upload(copiedFrom(tensor), type);
  track(entering, "replay()");
  return entering;
}

/** An error of the read is the upload's to tell, when its turn comes. */
function copiedFrom(tensor: Tensor): Promise<TypedArray> {
  const values = tensor.read();
  values.catch(() => {});
  return values;
}

/** The place of the last node that reads each value; that of an output is after all. */
function lastUses(graph: Graph): Map<number, number> {
  const last = new Map<number, number>();
  graph.nodes.forEach(({ inputs }, i) => {
    for (const input of inputs) if (typeof input === "number") last.set(input, i);
  });
  for (const id of Object.values(graph.outputs)) last.set(id, graph.nodes.length);
  return last;
}

function opOf(name: string, ops: { readonly [name: string]: Op }): Op {
  const table = [ops, known].find((one) => Object.hasOwn(one, name));
  if (table === undefined)
    throw new ConfigError(`replay: the graph has the op ${name}, which is none of this package; pass it in \`ops\``, {
      op: name,
    });
  return table[name]!;
}

function run(node: GraphNode, op: Op, values: ReadonlyMap<number, Tensor>, on: Backend): readonly Tensor[] {
  const inputs = node.inputs.map((input) => inputOf(input, node, values));
  const attrs = decodeAttribute(node.attrs) as Attrs;
  if (op.kind !== "update") {
    const result: unknown = apply(op as never, inputs as never, attrs as never, on);
    return listOf(result as Tensor | readonly Tensor[]);
  }
  // The values replace nothing here: a second owner of each keeps the kernel from overwriting what a later node may read.
  const shares = node.outputs.map((_, i) => on.share(inputs[i] as Tensor, (inputs[i] as Tensor).type));
  try {
    const types = op.infer(typesOf(inputs), attrs) as TensorType | readonly TensorType[];
    const results = listOf(on.execute(op, inputs, attrs, types));
    for (const result of results) track(result, op.name);
    return results;
  } finally {
    for (const share of shares) share[Symbol.dispose]();
  }
}
const listOf = (result: Tensor | readonly Tensor[]): readonly Tensor[] =>
  result instanceof Tensor ? [result] : result;

function inputOf(input: GraphInput, node: GraphNode, values: ReadonlyMap<number, Tensor>): Input {
  if (input === null) return undefined;
  return typeof input === "object" ? decodeNumber(input.number) : valueOf(values, input, `an input of ${node.op}`);
}
function valueOf(values: ReadonlyMap<number, Tensor>, id: number, what: string): Tensor {
  const value = values.get(id);
  if (value !== undefined) return value;
  throw new ConfigError(`replay: ${what} is %${id}, which nothing before it makes; the graph is damaged`, { id });
}

const text = ({ dtype, shape }: TensorType): string => `${dtype} ${show(shape)}`;
const called = ({ id, name }: GraphValue): string => (name === undefined ? `%${id}` : `"${name}"`);
function listed({ inputs }: Graph): string {
  return inputs.length === 0
    ? "the graph takes none"
    : `the graph takes ${inputs.map(({ name }) => `"${name}"`).join(", ")}`;
}
