import type { Attrs, Json } from "../op.ts";
import { show, type TensorType } from "../shape.ts";

/** A number as JSON has it: those that JSON lacks are written out. */
export type GraphNumber = number | "NaN" | "Infinity" | "-Infinity" | "-0";
/** What an op takes: the id of a value, a number, or nothing, where an optional input was left out. */
export type GraphInput = number | { readonly number: GraphNumber } | null;

/** A value that the graph does not compute. Inputs have names; constants may. */
export interface GraphValue {
  readonly id: number;
  readonly type: TensorType;
  readonly name?: string;
}
/** One call of an op. `attrs` are its attributes, where a number that JSON lacks stands as `{ number: "-Infinity" }`. */
export interface GraphNode {
  readonly op: string;
  readonly attrs: Attrs;
  readonly inputs: readonly GraphInput[];
  /** The ids of the results, and their types. */
  readonly outputs: readonly number[];
  readonly types: readonly TensorType[];
}
/**
 * A computation as data: plain JSON, which `JSON.stringify` writes and `JSON.parse` brings back. Ids name values; each is an input, a
 * constant or the output of one node, and nodes stand in an order in which they can run.
 */
export interface Graph {
  readonly inputs: readonly (GraphValue & { readonly name: string })[];
  readonly constants: readonly GraphValue[];
  readonly nodes: readonly GraphNode[];
  /** The names of the results, and the ids of their values. */
  readonly outputs: { readonly [name: string]: number };
}

const special = new Set<unknown>(["NaN", "Infinity", "-Infinity", "-0"]);

export const encodeNumber = (x: number): GraphNumber =>
  Object.is(x, -0) ? "-0" : Number.isFinite(x) ? x : (String(x) as GraphNumber);
export const decodeNumber = (x: GraphNumber): number => Number(x);

/** A copy of an attribute in which every number is one that JSON has. */
export function encodeAttribute(x: Json): Json {
  if (typeof x === "number") {
    const encoded = encodeNumber(x);
    return typeof encoded === "number" ? x : { number: encoded };
  }
  return mapped(x, encodeAttribute);
}
export function decodeAttribute(x: Json): Json {
  if (isObject(x) && special.has(x["number"]) && Object.keys(x).length === 1)
    return decodeNumber(x["number"] as GraphNumber);
  return mapped(x, decodeAttribute);
}
const isObject = (x: Json): x is { readonly [key: string]: Json } =>
  x !== null && typeof x === "object" && !Array.isArray(x);
function mapped(x: Json, f: (x: Json) => Json): Json {
  if (Array.isArray(x)) return x.map(f);
  if (isObject(x)) return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, f(value)]));
  return x;
}

/**
 * The graph as text, a line for each value: `%3 = matmul(%0, %1) { transposeB: true } : f32 [2, 4]`.
 *
 * @example
 * ```ts
 * const on = record(cpu());
 * const x = on.input("x", tensor([1, 2], [2], on));
 * const graph = on.graph({ y: mul(add(x, 1), x) });
 * console.log(printGraph(graph).split("\n")[1]); // %1 = add(%0, 1) : f32 [2]
 * ```
 */
export function printGraph(graph: Graph): string {
  const named = (value: GraphValue): string => (value.name === undefined ? "" : ` ${JSON.stringify(value.name)}`);
  const lines = [
    ...graph.inputs.map((value) => `%${value.id} = input${named(value)} : ${typeText(value.type)}`),
    ...graph.constants.map((value) => `%${value.id} = constant${named(value)} : ${typeText(value.type)}`),
    ...graph.nodes.map((node) => {
      const inputs = node.inputs.map((input) =>
        input === null ? "none" : typeof input === "number" ? `%${input}` : String(input.number),
      );
      const outputs = node.outputs.map((id) => `%${id}`).join(", ");
      return `${outputs} = ${node.op}(${inputs.join(", ")})${attrsText(node.attrs)} : ${node.types.map(typeText).join(", ")}`;
    }),
    ...Object.entries(graph.outputs).map(([name, id]) => `return ${JSON.stringify(name)} = %${id}`),
  ];
  return lines.join("\n");
}

const typeText = ({ dtype, shape }: TensorType): string => `${dtype} ${show(shape)}`;
function attrsText(attrs: Attrs): string {
  const entries = Object.entries(attrs);
  return entries.length === 0 ? "" : ` { ${entries.map(([key, value]) => `${key}: ${jsonText(value)}`).join(", ")} }`;
}
function jsonText(x: Json): string {
  if (isObject(x)) {
    const decoded = decodeAttribute(x);
    return typeof decoded === "number" ? (x["number"] as string) : attrsText(x).trim() || "{}";
  }
  return Array.isArray(x) ? `[${x.map(jsonText).join(", ")}]` : JSON.stringify(x);
}
