import type { Backend, HostData } from "../backend.ts";
import { BackendError } from "../errors.ts";
import type { Attrs, Inputs, Op } from "../op.ts";
import { bytesOf, type TensorType } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { composed, Decorator, layersOf } from "./decorator.ts";
import { DryRun } from "./dry-run.ts";
import { grouped, scaled, textTable } from "./text-table.ts";

/** All calls of one op that ran in one way. */
export interface ProfileRow {
  readonly op: string;
  /**
   * "kernel": a kernel of its own. "composed": the backend has none for these calls, and smaller ops ran, which have rows themselves; time
   * and bytes are the sums of theirs. "view": another shape for the same storage, which takes no kernel.
   */
  readonly how: "kernel" | "composed" | "view";
  readonly calls: number;
  /** In milliseconds, all calls together. */
  readonly time: number;
  /** Of the inputs that were read and the outputs that were written. */
  readonly bytes: number;
}
type Counts = { -readonly [K in keyof ProfileRow]: ProfileRow[K] };

/** The rows to which a call counts: its own, and those of the composed ops that it runs in. */
interface Frame {
  readonly row: Counts;
  readonly outer: Frame | undefined;
}

/** A backend that measures what runs on the one it wraps. Made by {@link profile}. */
export class Profile extends Decorator<undefined> {
  #rows = new Map<string, Counts>();
  #within: Frame | undefined;
  #pending = new Set<Promise<void>>();
  /** When the last queued kernel or upload ended: a queue runs one at a time, so the next began no earlier. */
  #ended = 0;

  constructor(inner: Backend) {
    if (layersOf(inner).some((layer) => layer instanceof DryRun)) {
      throw new BackendError(
        `profile(${inner.name}): a dry run computes nothing, so there is no time to measure; its own table() has the calls, the bytes and the FLOPs`,
        { backend: inner.name },
      );
    }
    super(inner, "profile");
  }
  protected override entered(): undefined {}

  override execute(
    op: Op,
    inputs: Inputs,
    attrs: Attrs,
    types: TensorType | readonly TensorType[],
  ): Tensor | readonly Tensor[] {
    if (this.lacksKernel(op, inputs, attrs)) {
      const row = this.#row(op.name, "composed");
      row.calls++;
      const outer = this.#within;
      if (!includes(outer, row)) this.#within = { row, outer };
      try {
        return composed(op, inputs, attrs); // its smaller ops come back here
      } finally {
        this.#within = outer;
      }
    }
    const inner = this.unwrap(inputs);
    const view = op.kind === "view";
    const row = this.#row(op.name, view ? "view" : "kernel");
    const within = this.#within;
    const start = performance.now();
    const result = this.inner.execute(op, inner, attrs, types);
    const single = result instanceof Tensor;
    const settled = view ? undefined : this.inner.settled(single ? result : result[0]!);
    const time = settled === undefined ? performance.now() - start : 0;
    row.calls++;
    count(row, within, time, view ? 0 : trafficOf(inner, result));
    if (settled !== undefined) this.#later(settled, start, { row, outer: within });
    return single ? this.wrap(result, undefined) : this.wrapAll(result, undefined);
  }

  /** Counts the time of a queued kernel once it has run: from its start, which is when the one before it ended or it was called. */
  #later(settled: Promise<void>, start: number, frame: Frame | undefined): void {
    const done = settled.then(() => {
      const end = performance.now();
      if (frame !== undefined) count(frame.row, frame.outer, end - Math.max(start, this.#ended), 0);
      this.#ended = end;
      this.#pending.delete(done);
    });
    this.#pending.add(done);
  }
  override upload(data: HostData, type: TensorType, use?: "variable"): Tensor {
    const start = performance.now();
    const tensor = super.upload(data, type, use);
    const settled = this.settled(tensor);
    if (settled !== undefined) this.#later(settled, start, undefined); // waiting for its values is no op's time
    return tensor;
  }

  #row(op: string, how: ProfileRow["how"]): Counts {
    const key = how === "kernel" ? op : `${how} ${op}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = { op, how, calls: 0, time: 0, bytes: 0 };
      this.#rows.set(key, row);
    }
    return row;
  }

  /** What ran so far, the longest first. Waits until what was called by now has run. */
  async report(): Promise<ProfileRow[]> {
    await Promise.all(this.#pending);
    return [...this.#rows.values()]
      .map((row) => ({ ...row }))
      .sort((a, b) => b.time - a.time || b.calls - a.calls || (a.op < b.op ? -1 : 1));
  }
  /** Forgets what ran so far. */
  reset(): void {
    this.#rows = new Map();
  }
  /** The report as text: a line for each op and the whole below. Waits until what was called by now has run. */
  async table(): Promise<string> {
    const rows = await this.report();
    const own = rows.filter(({ how }) => how !== "composed");
    const total = (count: (row: ProfileRow) => number): number => own.reduce((sum, row) => sum + count(row), 0);
    const time = total((row) => row.time);
    const whole = {
      op: "total",
      how: "",
      calls: total(({ calls }) => calls),
      time,
      bytes: total(({ bytes }) => bytes),
    };
    const share = (row: { readonly time: number }): string =>
      `${(time === 0 ? 0 : (100 * row.time) / time).toFixed(1)}%`;
    const text = textTable<Omit<ProfileRow, "how"> & { readonly how: string }>(
      [
        { head: "op", text: ({ op }) => op },
        { head: "how", text: ({ how }) => how },
        { head: "calls", number: true, text: ({ calls }) => grouped(calls) },
        { head: "total ms", number: true, text: (row) => row.time.toFixed(3) },
        {
          head: "µs per call",
          number: true,
          text: (row) => (row.calls === 0 ? 0 : (1000 * row.time) / row.calls).toFixed(1),
        },
        {
          head: "share",
          number: true,
          text: (row) => (row.how === "composed" ? `(${share(row)})` : share(row)),
        },
        { head: "bytes", number: true, text: ({ bytes }) => scaled(bytes, "B") },
      ],
      rows,
      whole,
    );
    if (own.length === rows.length) return text;
    return `${text}\ncomposed: ${this.inner.name} has no kernel for it; the smaller ops that ran have rows of their own, so it is not added up`;
  }
}

function includes(frame: Frame | undefined, row: Counts): boolean {
  for (let at = frame; at !== undefined; at = at.outer) if (at.row === row) return true;
  return false;
}
/** Counts to a row, and to those of the composed ops that it runs in. */
function count(row: Counts, within: Frame | undefined, time: number, bytes: number): void {
  row.time += time;
  row.bytes += bytes;
  for (let at = within; at !== undefined; at = at.outer) {
    at.row.time += time;
    at.row.bytes += bytes;
  }
}
function trafficOf(inputs: Inputs, result: Tensor | readonly Tensor[]): number {
  let bytes = 0;
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (typeof input === "object") bytes += bytesOf(input.type);
  }
  if (result instanceof Tensor) return bytes + bytesOf(result.type);
  for (const output of result) bytes += bytesOf(output.type);
  return bytes;
}

/**
 * Measures each op that runs on `inner`: how often, how long, how many bytes it read and wrote, and whether a kernel of its own ran or
 * smaller ops did. Kernels that only queue work are timed until it is done. Throws `BackendError` around a {@link dryRun}, where nothing
 * runs. Inside of {@link autodiff} it sees the backward pass too: `autodiff(profile(cpu()))`, or a model placed on a profile.
 *
 * @example
 * ```ts
 * const on = profile(cpu());
 * const x = tensor([1, 2, 3, 4], [2, 2], on);
 * softmax(matmul(x, x));
 * const rows = (await on.report()).map(({ op, how, bytes }) => `${op}: ${how}, ${bytes} bytes`);
 * console.log(rows.sort()); // [ 'matmul: kernel, 48 bytes', 'softmax: kernel, 32 bytes' ]
 * ```
 */
export const profile = (inner: Backend): Profile => new Profile(inner);
