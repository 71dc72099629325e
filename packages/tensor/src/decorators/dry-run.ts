import type { Backend, HostData } from "../backend.ts";
import { BackendError } from "../errors.ts";
import type { Attrs, Inputs, Op } from "../op.ts";
import { bytesOf, sizeOf, type TensorType } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { composed, isComposed, typesOf } from "./decorator.ts";
import { grouped, scaled, textTable } from "./text-table.ts";

/** What all calls of one op would cost. */
export interface DryRunRow {
  readonly op: string;
  readonly calls: number;
  /** Floating-point operations, as the op counts them; where it does not, one for each element of its results. */
  readonly flops: number;
  /** Of the inputs read and the outputs written; a view reads and writes none. */
  readonly bytes: number;
}
export interface DryRunReport {
  /** Calls, views included. */
  readonly ops: number;
  readonly flops: number;
  /** What lives in variables now: parameters, optimisers' states, caches. */
  readonly variables: { readonly tensors: number; readonly elements: number; readonly bytes: number };
  /** The most that was alive at one time, variables included. */
  readonly peakBytes: number;
  /** The most costly first. */
  readonly rows: readonly DryRunRow[];
}
export interface DryRunOptions {
  /** A backend to imitate: a composite that it has a kernel for is one op. Default: all composites run as smaller ops. */
  readonly like?: Backend;
}
type Counts = { -readonly [K in keyof DryRunRow]: DryRunRow[K] };

/** Storage that nobody has: how large it would be, and who holds it. */
interface Ghost {
  owners: number;
  readonly type: TensorType;
  /** Is it a variable's? */
  variable: boolean;
}
const ghostOf = (tensor: Tensor): Ghost => tensor.handle as Ghost;

/** A backend that computes nothing and counts what it would take. Made by {@link dryRun}. */
export class DryRun implements Backend {
  readonly name: string;
  readonly inner = undefined;
  readonly #like: Backend | undefined;
  #rows = new Map<string, Counts>();
  #variables = { tensors: 0, elements: 0, bytes: 0 };
  #tensors = 0;
  #bytes = 0;
  #peak = 0;

  constructor({ like }: DryRunOptions = {}) {
    this.#like = like;
    this.name = like === undefined ? "dryRun" : `dryRun like ${like.name}`;
  }

  supports(op: Op, attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): boolean {
    if (op.kind === "view") return true;
    return this.#like === undefined ? op.kind !== "composite" : this.#like.supports(op, attrs, inputs);
  }
  execute(op: Op, inputs: Inputs, attrs: Attrs, types: TensorType | readonly TensorType[]): Tensor | readonly Tensor[] {
    if (op.kind === "view") {
      this.#row(op.name).calls++;
      return this.share(inputs[0] as Tensor, types as TensorType);
    }
    const seen = typesOf(inputs);
    if (!this.supports(op, attrs, seen)) {
      if (isComposed(op)) return this.#composed(op, inputs, attrs);
      throw new BackendError(
        `${this.name}: ${this.#like!.name} has no kernel for ${op.name}, and ${op.name} is not composed of smaller ops`,
        { op: op.name, backend: this.name },
      );
    }
    const list = Array.isArray(types) ? (types as readonly TensorType[]) : [types as TensorType];
    const row = this.#row(op.name);
    row.calls++;
    row.flops +=
      op.flops === undefined ? list.reduce((sum, { shape }) => sum + sizeOf(shape), 0) : op.flops(seen, types, attrs);
    for (const type of [...seen, ...list]) if (typeof type === "object") row.bytes += bytesOf(type);
    const results = list.map((type, i) => (op.kind === "update" ? this.#updated(inputs, i, type) : this.#made(type)));
    return Array.isArray(types) ? results : results[0]!;
  }
  /** An update overwrites what nobody else holds. */
  #updated(inputs: Inputs, i: number, type: TensorType): Tensor {
    const old = inputs[i] as Tensor;
    const sole = ghostOf(old).owners === 1 && inputs.indexOf(old) === inputs.lastIndexOf(old);
    return sole ? this.share(old, type) : this.#succeeds(old, this.#made(type));
  }
  #composed(op: Parameters<typeof composed>[0], inputs: Inputs, attrs: Attrs): Tensor | readonly Tensor[] {
    const results = composed(op, inputs, attrs);
    if (op.kind !== "update") return results;
    if (results instanceof Tensor) return this.#succeeds(inputs[0] as Tensor, results);
    return results.map((tensor, i) => this.#succeeds(inputs[i] as Tensor, tensor));
  }
  /** What a variable held before an update, and what it holds from now on. */
  #succeeds(old: Tensor, fresh: Tensor): Tensor {
    if (!ghostOf(old).variable) return fresh;
    this.#countVariable(ghostOf(old), false);
    this.#countVariable(ghostOf(fresh), true);
    return fresh;
  }

  #row(op: string): Counts {
    let row = this.#rows.get(op);
    if (row === undefined) this.#rows.set(op, (row = { op, calls: 0, flops: 0, bytes: 0 }));
    return row;
  }
  #made(type: TensorType): Tensor {
    this.#tensors++;
    this.#bytes += bytesOf(type);
    this.#peak = Math.max(this.#peak, this.#bytes);
    return new Tensor(type, this, { owners: 1, type, variable: false } satisfies Ghost);
  }
  #countVariable(ghost: Ghost, variable: boolean): void {
    if (ghost.variable === variable) return;
    ghost.variable = variable;
    const by = variable ? 1 : -1;
    this.#variables.tensors += by;
    this.#variables.elements += by * sizeOf(ghost.type.shape);
    this.#variables.bytes += by * bytesOf(ghost.type);
  }

  upload(data: HostData, type: TensorType, use?: "variable"): Tensor {
    if (data instanceof Promise) data.catch(() => {}); // nobody will ask for the values
    const tensor = this.#made(type);
    this.#countVariable(ghostOf(tensor), use === "variable");
    return tensor;
  }
  read(): Promise<never> {
    return Promise.reject(
      new BackendError(
        `${this.name} computes nothing, so there are no values to read; report() says what computing them would take`,
        { backend: this.name },
      ),
    );
  }
  settled(): undefined {}
  share(tensor: Tensor, type: TensorType): Tensor {
    const ghost = ghostOf(tensor);
    ghost.owners++;
    return new Tensor(type, this, ghost);
  }
  lift(tensor: Tensor): Tensor {
    throw new BackendError(
      `"${this.name}" wraps no backend, so it cannot see a tensor of "${tensor.backend.name}". Upload the values instead.`,
      { backends: [this.name, tensor.backend.name] },
    );
  }
  lower(tensor: Tensor): Tensor {
    return this.share(tensor, tensor.type);
  }
  release(handle: unknown): void {
    const ghost = handle as Ghost;
    if (--ghost.owners > 0) return;
    this.#countVariable(ghost, false);
    this.#tensors--;
    this.#bytes -= bytesOf(ghost.type);
  }
  memory(): { readonly tensors: number; readonly bytes: number } {
    return { tensors: this.#tensors, bytes: this.#bytes };
  }

  /** What running it would have taken, so far. */
  report(): DryRunReport {
    const rows = [...this.#rows.values()]
      .map((row) => ({ ...row }))
      .sort((a, b) => b.flops - a.flops || b.calls - a.calls || (a.op < b.op ? -1 : 1));
    return {
      ops: rows.reduce((sum, { calls }) => sum + calls, 0),
      flops: rows.reduce((sum, { flops }) => sum + flops, 0),
      variables: { ...this.#variables },
      peakBytes: this.#peak,
      rows,
    };
  }
  /** Forgets the ops so far; the peak begins again with what is alive. */
  reset(): void {
    this.#rows = new Map();
    this.#peak = this.#bytes;
  }
  /** The report as text. */
  table(): string {
    const { ops, flops, variables, peakBytes, rows } = this.report();
    const whole = { op: "total", calls: ops, flops, bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0) };
    const table = textTable<DryRunRow>(
      [
        { head: "op", text: ({ op }) => op },
        { head: "calls", number: true, text: ({ calls }) => grouped(calls) },
        { head: "FLOPs", number: true, text: (row) => scaled(row.flops, "") },
        {
          head: "share",
          number: true,
          text: (row) => `${(flops === 0 ? 0 : (100 * row.flops) / flops).toFixed(1)}%`,
        },
        { head: "bytes", number: true, text: ({ bytes }) => scaled(bytes, "B") },
      ],
      rows,
      whole,
    );
    return [
      table,
      `variables: ${grouped(variables.elements)} elements in ${grouped(variables.tensors)} ${variables.tensors === 1 ? "tensor" : "tensors"}, ${scaled(variables.bytes, "B")}`,
      `peak memory: ${scaled(peakBytes, "B")}, variables included`,
    ].join("\n");
  }
}

/**
 * A backend that computes nothing: place a model on it and run a forward pass or a training step, and it reports the calls, the
 * floating-point operations, the parameters and the peak memory. Shapes are checked as ever, and the initial values of parameters are
 * never made. Works under every decorator but {@link profile} and {@link fallback}; what a backend needs inside one op (workspace, f32 copies
 * of 16-bit floats) is not seen. Reading a tensor throws `BackendError`; so does a primitive that `like` lacks.
 *
 * @example
 * ```ts
 * const on = dryRun({ like: cpu() });
 * const weight = new Variable({ dtype: "f32", shape: [4096, 4096] }, () => new Float32Array(4096 * 4096));
 * await weight.place(on);
 * const y = matmul(zeros([8, 4096], on), weight.value);
 * const { flops, variables, peakBytes } = on.report();
 * console.log(y.shape, flops, variables.bytes, peakBytes); // [ 8, 4096 ] 268435456 67108864 67371008
 * ```
 */
export const dryRun = (options?: DryRunOptions): DryRun => new DryRun(options);
