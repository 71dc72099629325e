import type { Backend, HostData } from "./backend.ts";
import { copyOf, thisCopy, type Copy } from "./copies.ts";
import { isHalf, type TypedArray } from "./dtype.ts";
import { BackendError } from "./errors.ts";
import { expectHostArray } from "./host-array.ts";
import { Buffer, bufferOf, isSole } from "./kernel-buffer.ts";
import { KernelCall, listOf } from "./kernel-call.ts";
import { composed } from "./kernel-composed.ts";
import { inFloat32, makesHalf, widened } from "./kernel-halves.ts";
import { Queue } from "./kernel-queue.ts";
import { isPromise, kernelError, runKernel } from "./kernel-run.ts";
import type { AnyKernel, AnyRun, ExtraKernel, KernelTable, Storage } from "./kernel.ts";
import type { Attrs, Inputs, Op } from "./op.ts";
import { bytesOf, type TensorType } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/**
 * Builds a backend from storage and a table of kernels. A composite without a kernel, or whose kernel declines the call, runs
 * its composition on this same backend; nothing ever moves elsewhere. Kernels may return promises: from then on kernels,
 * uploads and frees keep program order, and an error surfaces at the `read` of what depends on it, naming the op.
 *
 * `halves` names the ops whose kernels take f16 and bf16 as they are stored; that of cast always does. All others are run on f32
 * copies, and their results rounded once: 16-bit floats save memory everywhere, and time where a backend has kernels for them.
 */
export function kernelBackend<D>(o: {
  name: string;
  storage: Storage<D>;
  kernels: KernelTable<D>;
  halves?: readonly string[];
  extra?: readonly ExtraKernel<D>[];
}): Backend {
  const kernels = o.kernels as unknown as Record<string, AnyKernel<D>>;
  return new KernelBackend(o.name, o.storage, kernels, new Set(["cast", ...(o.halves ?? [])]), o.extra ?? []);
}

class KernelBackend<D> implements Backend {
  readonly name: string;
  readonly inner = undefined;
  readonly #kernels: Map<string, AnyKernel<D>>;
  readonly #storage: Storage<D>;
  readonly #halves: ReadonlySet<string>;
  #tensors = 0;
  #bytes = 0;
  readonly #queue = new Queue();

  constructor(
    name: string,
    storage: Storage<D>,
    kernels: Record<string, AnyKernel<D>>,
    halves: ReadonlySet<string>,
    extra: readonly ExtraKernel<D>[],
  ) {
    this.name = name;
    this.#storage = storage;
    this.#halves = halves;
    this.#kernels = new Map(Object.entries(kernels));
    for (const { name: op, kernel } of extra) this.#kernels.set(op, kernel);
  }

  get [copyOf](): Copy {
    return thisCopy;
  }

  #find(op: Op, attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): AnyRun<D> | undefined {
    const entry = this.#kernels.get(op.name);
    if (entry === undefined || typeof entry === "function") return entry;
    return entry.accepts(attrs, inputs) ? entry.run : undefined;
  }
  supports(op: Op, attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]): boolean {
    if (op.kind === "view") return true;
    const seen = this.#halves.has(op.name) ? inputs : inputs.map((x) => (typeof x === "object" ? widened(x) : x));
    return this.#find(op, attrs, seen) !== undefined;
  }

  execute(op: Op, inputs: Inputs, attrs: Attrs, types: TensorType | readonly TensorType[]): Tensor | readonly Tensor[] {
    const { kind } = op; // ops differ in shape, so reading one of their properties is not for nothing
    if (kind === "view") return this.share(inputs[0] as Tensor, types as TensorType);
    const n = inputs.length;
    const seen = new Array<TensorType | number | undefined>(n);
    const data = new Array<D | number | undefined>(n);
    let half = false;
    let queued = this.#queue.busy;
    for (let i = 0; i < n; i++) {
      const input = inputs[i];
      if (typeof input !== "object") {
        seen[i] = input;
        data[i] = input;
        continue;
      }
      const { type } = input;
      const buffer = bufferOf<D>(input);
      seen[i] = type;
      data[i] = buffer.data;
      if (isHalf(type.dtype)) half = true;
      if (buffer.error !== undefined) queued = true; // the queue passes it on
    }
    if ((half || makesHalf(types)) && !this.#halves.has(op.name)) return inFloat32(this, op, inputs, attrs, types);
    const run = this.#find(op, attrs, seen);
    if (run === undefined) return composed(this.name, op, inputs, attrs);
    if (queued) return this.#enqueue(run, op, inputs, seen, attrs, types);

    const update = kind === "update";
    const call = new KernelCall(
      seen,
      types,
      this.#storage,
      update
        ? inputs.map((input, i) => (isSole(inputs, i) ? bufferOf<D>(input as Tensor).data : undefined))
        : undefined,
    );
    const result = runKernel(this.name, run, op, update, data, attrs, call);
    if (isPromise(result)) return this.#enqueue(run, op, inputs, seen, attrs, types, result);
    if (!update && !Array.isArray(types))
      return this.#tensor(this.#buffer(result as D, types as TensorType), types as TensorType);
    const results = listOf(result);
    const tensors = listOf(types).map((type, i) => {
      const made = results[i]!;
      const replaced = update ? bufferOf<D>(inputs[i] as Tensor) : undefined;
      if (replaced === undefined || replaced.data !== made) return this.#tensor(this.#buffer(made, type), type);
      replaced.owners++;
      return this.#tensor(replaced, type);
    });
    return Array.isArray(types) ? tensors : tensors[0]!;
  }

  #enqueue(
    run: AnyRun<D>,
    op: Op,
    inputs: Inputs,
    seen: readonly (TensorType | number | undefined)[],
    attrs: Attrs,
    types: TensorType | readonly TensorType[],
    started?: Promise<D | readonly D[]>,
  ): Tensor | readonly Tensor[] {
    const sources = inputs.map((input) => (input instanceof Tensor ? bufferOf<D>(input) : undefined));
    const list = listOf(types);
    // Whether an update may overwrite is decided now, by who holds the storage at this point of the program.
    const inPlace = list.map((_, i) => op.kind === "update" && isSole(inputs, i));
    const results = list.map((type, i) => {
      if (!inPlace[i]) return this.#buffer(undefined, type);
      sources[i]!.owners++;
      return sources[i]!;
    });
    this.#queue.push(async () => {
      try {
        const broken = sources.find((buffer) => buffer?.error !== undefined);
        if (broken !== undefined) throw broken.error;
        const reusable = inPlace.map((may, i) => (may ? sources[i]!.data : undefined));
        const data = inputs.map((input, i) => (typeof input === "number" ? input : sources[i]?.data));
        const call = new KernelCall(seen, types, this.#storage, reusable);
        const made = listOf(await (started ?? runKernel(this.name, run, op, op.kind === "update", data, attrs, call)));
        results.forEach((buffer, i) => {
          if (buffer.data !== undefined && buffer.data !== made[i]) this.#storage.free(buffer.data, buffer.type); // not overwritten after all
          buffer.data = made[i]!;
        });
      } catch (cause) {
        const error = kernelError(this.name, op, cause);
        for (const buffer of results) buffer.error = error;
      }
    });
    const tensors = results.map((buffer, i) => this.#tensor(buffer, list[i]!));
    return Array.isArray(types) ? tensors : tensors[0]!;
  }

  #tensor(buffer: Buffer<D>, type: TensorType): Tensor {
    return new Tensor(type, this, buffer);
  }
  #buffer(data: D | undefined, type: TensorType): Buffer<D> {
    this.#tensors++;
    this.#bytes += bytesOf(type);
    return new Buffer(data, type);
  }

  upload(source: HostData, type: TensorType, use?: "variable"): Tensor {
    const data = typeof source === "function" ? source() : source;
    const stored = isPromise(data) ? undefined : this.#store(data, type, use);
    const buffer = this.#buffer(stored, type);
    if (isPromise(data)) {
      data.catch(() => undefined); // a failure is told by the read of what depends on it, not by an unhandled rejection
      this.#queue.push(async () => {
        try {
          buffer.data = this.#store(await data, type, use);
        } catch (cause) {
          buffer.error = new BackendError(
            `an upload to ${this.name} failed: ${(cause as Error).message}`,
            { backend: this.name },
            { cause },
          );
        }
      });
    }
    return this.#tensor(buffer, type);
  }
  #store(data: TypedArray, type: TensorType, use: "variable" | undefined): D {
    expectHostArray(data, type); // a device would convert it, or leave the rest as it found it
    return this.#storage.upload(data, type, use);
  }
  async read(tensor: Tensor): Promise<TypedArray> {
    const buffer = bufferOf<D>(tensor);
    buffer.owners++; // the tensor may leave its scope while we wait
    try {
      if (this.#queue.busy) await this.#queue.done;
      if (buffer.error !== undefined) throw buffer.error;
      return await this.#storage.read(buffer.data!, buffer.type);
    } finally {
      this.release(buffer);
    }
  }
  settled(): Promise<void> | undefined {
    return this.#queue.busy ? this.#queue.done : undefined;
  }
  share(tensor: Tensor, type: TensorType): Tensor {
    const buffer = bufferOf<D>(tensor);
    buffer.owners++;
    return this.#tensor(buffer, type);
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
    const buffer = handle as Buffer<D>;
    if (--buffer.owners > 0) return;
    this.#tensors--;
    this.#bytes -= bytesOf(buffer.type);
    if (this.#queue.busy) this.#queue.push(() => this.#free(buffer));
    else this.#free(buffer);
  }
  #free(buffer: Buffer<D>): void {
    if (buffer.data !== undefined) this.#storage.free(buffer.data, buffer.type);
    buffer.data = undefined;
  }
  memory(): { tensors: number; bytes: number } {
    return { tensors: this.#tensors, bytes: this.#bytes };
  }
}
