import type { Backend } from "../backend.ts";
import { BackendError, ConfigError } from "../errors.ts";
import type { Attrs, Inputs, Op } from "../op.ts";
import { track } from "../scope.ts";
import { sameShape, type TensorType } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { composed, Decorator, isComposed } from "./decorator.ts";
import { encodeAttribute, encodeNumber, type Graph, type GraphInput, type GraphNode } from "./graph.ts";

/** A call, as it is kept; the graph is written out of it when it is asked for. */
interface Call {
  readonly op: string;
  readonly attrs: Attrs;
  readonly inputs: readonly (number | { readonly number: number } | null)[];
  /** The id of the first result; the others' follow. */
  readonly first: number;
  readonly types: TensorType | readonly TensorType[];
}
/** A value that came from outside. */
interface Given {
  readonly id: number;
  readonly type: TensorType;
  readonly kind: "input" | "constant";
  readonly name: string | undefined;
  /** The recorder's own share of a constant. */
  readonly held: Tensor | undefined;
}

export interface RecordOptions {
  /** Which ops to record as the smaller ops that they are composed of. Default: none; an op is one node, as it was called. */
  readonly expand?: (op: Op) => boolean;
}

/** A backend that writes down what runs on the one it wraps. Made by {@link record}. */
export class Recorder extends Decorator<number> {
  readonly #expand: (op: Op) => boolean;
  #calls: Call[] = [];
  #given = new Map<number, Given>();
  #ids = new WeakMap<Tensor, number>();
  #next = 0;
  #closed = false;

  constructor(inner: Backend, { expand = () => false }: RecordOptions = {}) {
    super(inner, "record");
    this.#expand = expand;
  }

  override supports(op: Op, attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): boolean {
    return !(isComposed(op) && this.#expand(op)) && this.inner.supports(op, attrs, inputs);
  }
  override execute(
    op: Op,
    inputs: Inputs,
    attrs: Attrs,
    types: TensorType | readonly TensorType[],
  ): Tensor | readonly Tensor[] {
    if (!this.#closed && isComposed(op) && this.#expand(op)) return composed(op, inputs, attrs); // its smaller ops come back here
    const result = this.inner.execute(op, this.unwrap(inputs), attrs, types);
    const first = this.#next;
    if (result instanceof Tensor) {
      this.#next++;
      this.#note(op, inputs, attrs, types, first);
      return this.wrap(result, first);
    }
    this.#next += result.length;
    this.#note(op, inputs, attrs, types, first);
    return result.map((tensor, i) => this.wrap(tensor, first + i));
  }
  #note(op: Op, inputs: Inputs, attrs: Attrs, types: TensorType | readonly TensorType[], first: number): void {
    if (this.#closed) return;
    const n = inputs.length;
    const ids = new Array<Call["inputs"][number]>(n);
    for (let i = 0; i < n; i++) {
      const input = inputs[i];
      ids[i] = typeof input === "object" ? this.stateOf(input) : input === undefined ? null : { number: input };
    }
    this.#calls.push({ op: op.name, attrs, inputs: ids, first, types });
  }

  /** The same tensor is the same value, however often it comes in. */
  protected override entered(inner: Tensor, from: Tensor | undefined): number {
    const known = from === undefined ? undefined : this.#ids.get(from);
    if (known !== undefined) return known;
    const id = this.#next++;
    if (this.#closed) return id;
    if (from !== undefined) this.#ids.set(from, id);
    const held = this.inner.share(inner, inner.type);
    this.#given.set(id, { id, type: inner.type, kind: "constant", name: undefined, held });
    return id;
  }
  override share(tensor: Tensor, type: TensorType): Tensor {
    if (type.dtype !== tensor.dtype || !sameShape(type.shape, tensor.shape))
      throw new BackendError("a recorded tensor is retyped with reshape(), which is recorded, not with share()");
    return super.share(tensor, type);
  }

  /**
   * Declares an input of the graph: this tensor, of any backend in the chain, stands for a value that each replay is given. Returns it as
   * the recorder's. Throws `ConfigError` when the name is taken, and `BackendError` for a tensor that an op made or that is an input.
   */
  input(name: string, tensor: Tensor): Tensor {
    const { seen, given } = this.#outside(name, tensor, "an input");
    given.held?.[Symbol.dispose]();
    this.#given.set(given.id, { ...given, kind: "input", name, held: undefined });
    track(seen, "record().input()");
    return seen;
  }
  /**
   * Names a constant, such as a parameter: `recorder.nameConstant("weight", weight.value)`. Throws as {@link Recorder.input} does.
   */
  nameConstant(name: string, tensor: Tensor): void {
    const { seen, given } = this.#outside(name, tensor, "a constant");
    this.#given.set(given.id, { ...given, name });
    seen[Symbol.dispose]();
  }
  #outside(name: string, tensor: Tensor, what: string): { seen: Tensor; given: Given } {
    this.#expectOpen();
    for (const given of this.#given.values()) {
      if (given.name === name)
        throw new ConfigError(`record: ${given.kind} %${given.id} is called "${name}" already; names are unique`, {
          name,
        });
    }
    const seen = this.#seen(tensor, name);
    const given = this.#given.get(this.stateOf(seen));
    if (given?.kind === "constant") return { seen, given };
    const found =
      given === undefined ? "the result of an op, which is named in graph({ … })" : `the input "${given.name}" already`;
    const id = this.stateOf(seen);
    seen[Symbol.dispose]();
    throw new BackendError(`record: "${name}" cannot name ${what}: %${id} is ${found}`, { name, id });
  }
  /** The tensor as this backend's: lifted from within, or lowered from a decorator around. The result is the caller's. */
  #seen(tensor: Tensor, name: string): Tensor {
    if (tensor.handle === undefined)
      throw new BackendError(
        `record: the tensor for "${name}" was already freed. It left its scope: return it from the scope, or keep() it.`,
        { name },
      );
    if (tensor.backend === this) return super.share(tensor, tensor.type);
    let around: Backend | undefined = tensor.backend;
    while (around !== undefined && around !== this) around = around.inner;
    if (around === undefined) return this.lift(tensor);
    let at = tensor.backend.lower(tensor);
    while (at.backend !== this) {
      const outer = at;
      at = outer.backend.lower(outer);
      outer[Symbol.dispose]();
    }
    return at;
  }

  /**
   * What was recorded, as far as these outputs need it; every declared input is listed. Their names are the keys; the tensors are this
   * backend's, or of a decorator around it. Throws `ConfigError` for no outputs, and `BackendError` once the recorder is disposed.
   */
  graph(outputs: Readonly<Record<string, Tensor>>): Graph {
    this.#expectOpen();
    const names = Object.keys(outputs);
    if (names.length === 0) throw new ConfigError("record: a graph has at least one output, got none");
    const ids: Record<string, number> = {};
    for (const name of names) {
      using seen = this.#seen(outputs[name]!, name);
      ids[name] = this.stateOf(seen);
    }
    const needed = new Set(Object.values(ids));
    const nodes: GraphNode[] = [];
    for (let i = this.#calls.length - 1; i >= 0; i--) {
      const node = nodeOf(this.#calls[i]!);
      if (!node.outputs.some((id) => needed.has(id))) continue;
      nodes.push(node);
      for (const input of node.inputs) if (typeof input === "number") needed.add(input);
    }
    const given = [...this.#given.values()].sort((a, b) => a.id - b.id);
    return {
      inputs: given
        .filter(({ kind }) => kind === "input")
        .map(({ id, type, name }) => ({ id, type: copied(type), name: name! })),
      constants: given
        .filter(({ kind, id }) => kind === "constant" && needed.has(id))
        .map(({ id, type, name }) => ({ id, type: copied(type), ...(name === undefined ? {} : { name }) })),
      nodes: nodes.reverse(),
      outputs: ids,
    };
  }
  /** The constants by id, on the wrapped backend; the recorder owns them. */
  constants(): Map<number, Tensor> {
    this.#expectOpen();
    return new Map([...this.#given.values()].flatMap(({ id, held }) => (held === undefined ? [] : [[id, held]])));
  }

  #expectOpen(): void {
    if (this.#closed)
      throw new BackendError(
        `${this.name} was disposed, and its record with it; ask for the graph before, or make a new record()`,
      );
  }
  /** Forgets the record and frees the constants. From here on this backend computes and no longer records. */
  [Symbol.dispose](): void {
    this.#closed = true;
    for (const { held } of this.#given.values()) held?.[Symbol.dispose]();
    this.#given.clear();
    this.#calls = [];
  }
}

const copied = ({ dtype, shape }: TensorType): TensorType => ({ dtype, shape: [...shape] });

function nodeOf({ op, attrs, inputs, first, types }: Call): GraphNode {
  const list = Array.isArray(types) ? (types as readonly TensorType[]) : [types as TensorType];
  return {
    op,
    attrs: encodeAttribute(attrs) as Attrs,
    inputs: inputs.map((input): GraphInput =>
      input === null || typeof input === "number" ? input : { number: encodeNumber(input.number) },
    ),
    outputs: list.map((_, i) => first + i),
    types: list.map(copied),
  };
}

/**
 * Captures the graph of what runs on `inner`, while it runs. Declare what changes with `input`, run, and ask for the `graph` of the
 * outputs: plain JSON, to print with {@link printGraph}, to save, to run again anywhere with {@link replay}. All else that comes in, by
 * upload or from `inner`, is a constant, which the recorder holds until it is disposed; `nameConstant` names the parameters.
 *
 * Recorded are the calls as they come: `autodiff(record(b))` captures the backward pass too, `record(autodiff(b))` does not. An update
 * is recorded as what it computes, new values out of old. So are random ops: their key and counter are attributes, and a replay draws the
 * same numbers again. Around `dryRun()` it captures without computing.
 *
 * @example
 * ```ts
 * using on = record(cpu());
 * const x = on.input("x", tensor([1, 2], [2], on));
 * const weight = tensor([3, 4], [2], on);
 * on.nameConstant("weight", weight);
 * const graph = on.graph({ y: sum(mul(x, weight)) });
 * const other = cpu();
 * const { y } = replay(graph, { inputs: { x: tensor([10, 20], [2], other) }, constants: on.constants(), on: other });
 * console.log(graph.nodes.map(({ op }) => op), await y!.read()); // [ 'mul', 'sum', 'reshape' ] Float32Array(1) [ 110 ]
 * ```
 */
export const record = (inner: Backend, options?: RecordOptions): Recorder => new Recorder(inner, options);
