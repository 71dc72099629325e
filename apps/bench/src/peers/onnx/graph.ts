// A small writer of ONNX graphs, as plain objects in the shape that protobufjs encodes.

/** The element types that the graphs use, by ONNX's numbers for them. */
export const elementTypes = { f32: 1, i8: 3, i32: 6, i64: 7 } as const;
export type ElementType = keyof typeof elementTypes;

/** A dimension is a number, or a name for one that a run decides. */
export type Dimension = number | string;
export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Constant = Float32Array | Int8Array | BigInt64Array;

export interface Node {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly object[];
}

interface Stored {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

interface NamedType {
  readonly name: string;
  readonly type: object;
}

export interface Model {
  readonly irVersion: number;
  readonly producerName: string;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: {
    readonly name: string;
    readonly node: readonly Node[];
    readonly initializer: readonly Stored[];
    readonly input: readonly NamedType[];
    readonly output: readonly NamedType[];
  };
}

/** Operators of onnxruntime's own. */
export const microsoft = "com.microsoft";

/** A graph under construction: each call adds something and gives its name. */
export class Graph {
  readonly #nodes: Node[] = [];
  readonly #stored: Stored[] = [];
  readonly #inputs: NamedType[] = [];
  readonly #outputs: NamedType[] = [];

  input(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.#inputs.push(typed(name, type, shape));
    return name;
  }

  output(name: string, type: ElementType, shape: readonly Dimension[]): void {
    this.#outputs.push(typed(name, type, shape));
  }

  /** Values that are part of the model. */
  constant(name: string, values: Constant, dims: readonly number[]): string {
    const type = values instanceof Float32Array ? "f32" : values instanceof Int8Array ? "i8" : "i64";
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#stored.push({ name, dims, dataType: elementTypes[type], rawData });
    return name;
  }

  /** An operator with one output, whose name it returns. */
  add(
    opType: string,
    input: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = "",
  ): string {
    const output = `${opType}.${this.#nodes.length}`;
    this.addNamed(opType, input, [output], attributes, domain);
    return output;
  }

  /** An operator whose outputs get these names. An input that is left out is "". */
  addNamed(
    opType: string,
    input: readonly string[],
    output: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = "",
  ): void {
    const attribute = Object.entries(attributes).map(([name, value]) => ({ name, ...attributeValue(value) }));
    this.#nodes.push({ name: `${opType}#${this.#nodes.length}`, opType, domain, input, output, attribute });
  }

  model(): Model {
    return {
      irVersion: 9,
      producerName: "tenon-bench",
      opsetImport: [
        { domain: "", version: 20 },
        { domain: microsoft, version: 1 },
      ],
      graph: {
        name: "bench",
        node: this.#nodes,
        initializer: this.#stored,
        input: this.#inputs,
        output: this.#outputs,
      },
    };
  }
}

function typed(name: string, type: ElementType, shape: readonly Dimension[]): NamedType {
  const dim = shape.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}

/** A whole number is an INT, { float } a FLOAT: ONNX tells them apart and JavaScript does not. */
function attributeValue(value: Attribute): object {
  if (typeof value === "number") return { i: value, type: 2 };
  if (typeof value === "string") return { s: new TextEncoder().encode(value), type: 3 };
  if ("float" in value) return { f: value.float, type: 1 };
  return { ints: value, type: 7 };
}
