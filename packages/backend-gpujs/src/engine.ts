import { BackendError, sizeOf } from "@tenon/tensor";

import { emptyBlock, type Block } from "./block.ts";
import { CannotCompile, compile, moreResults } from "./compile.ts";
import type { Device } from "./device.ts";
import { mostArrays, type Job } from "./job.ts";
import type { GpuJs, GpuJsFunction } from "./library.ts";
import { SharedMemories } from "./memories.ts";
import { SharedWorkers } from "./workers.ts";
import { written } from "./written.ts";

/** A kernel and how many of its results are alive. */
interface Kernel {
  readonly key: string;
  readonly run: GpuJsFunction;
  alive: number;
  /** gpu.js cannot compile it for this mode. */
  moved: boolean;
}
/** A result remembers its kernel. */
interface Made extends Block {
  readonly kernel: Kernel;
}

/** How many compiled kernels are kept. A kernel that nobody has called for the longest time goes first, once its results are freed. */
const mostKernels = 2048;
/** gpu.js computes fewer elements than that in one thread anyway. */
const fewestForThreads = 4096;
/** With less work than that, telling threads costs more than it gives. */
const leastWorkForThreads = 2 ** 21;

/** Compiles kernels through gpu.js, each once, and runs them. */
export class Engine {
  readonly device: Device;
  readonly name: string;
  readonly #gpu: GpuJs;
  readonly #threads: number;
  readonly #makeSpare: (() => Engine) | undefined;
  readonly #kernels = new Map<string, Kernel>();
  readonly #moved = new Map<string, number>();
  #spare: Engine | undefined;
  /** What the kernel that runs now has made and not freed. Kernels run one after another. */
  #made = new Set<Block>();
  readonly #workers = new SharedWorkers();
  readonly #memories = new SharedMemories();
  /** Stands where a kernel is given an array without elements. */
  #nothing: object | undefined;
  #compiled = 0;
  #arrays = 0;
  #closed = false;

  /** `makeSpare` gives the engine for kernels that gpu.js cannot compile in this mode; without it they are errors. */
  constructor(gpu: GpuJs, device: Device, name: string, threads = 1, makeSpare?: () => Engine) {
    this.#gpu = gpu;
    this.device = device;
    this.name = name;
    this.#threads = threads;
    this.#makeSpare = makeSpare;
  }
  /** How many kernels were compiled so far. */
  get compiled(): number {
    return this.#compiled;
  }
  /** How many textures, buffers or arrays are alive. */
  get arrays(): number {
    return this.#arrays;
  }
  /** How often each kernel ran in the mode cpu because gpu.js could not compile it for this one. */
  get moved(): ReadonlyMap<string, number> {
    return this.#moved;
  }

  upload(data: Float32Array, lasting = false): Block {
    if (data.length === 0) return emptyBlock();
    this.#expectAlive();
    this.device.expectRoom(data.length, "a tensor");
    this.#arrays++;
    return { handle: this.device.upload(data), lasting };
  }
  read(block: Block, elements: number): Float32Array | Promise<Float32Array> {
    if (block.handle === undefined) return new Float32Array(0);
    this.#expectAlive();
    return this.device.read(block.handle, elements);
  }
  free(block: Block): void {
    if (block.handle === undefined) return;
    this.#arrays--;
    this.#made.delete(block);
    for (const each of [...(block.packed?.values() ?? []), ...(block.more ?? [])]) this.free(each);
    const { kernel } = block as Partial<Made>;
    if (kernel !== undefined) kernel.alive--;
    if (!this.#closed) this.device.free(block.handle);
  }

  /** Runs what takes several kernels. If one of them fails, what the others have made is freed. */
  together<T>(body: () => T | Promise<T>): T | Promise<T> {
    const made = (this.#made = new Set());
    const failed = (cause: unknown): never => {
      for (const block of made) this.free(block);
      throw cause;
    };
    try {
      const result = body();
      return result instanceof Promise ? result.catch(failed) : result;
    } catch (cause) {
      return failed(cause);
    }
  }
  /** Keeps a block beyond the op that made it. */
  keep(block: Block): void {
    this.#made.delete(block);
  }

  /** Runs a kernel. Where gpu.js gives promises, the block is one, too. */
  run(job: Job): Block | Promise<Block> {
    const elements = sizeOf(job.out) * (job.four === true ? 4 : 1);
    if (elements === 0) return emptyBlock();
    this.#expectAlive();
    const kernel = this.#find(job, elements);
    if (kernel.moved) return this.#runSpare(job, elements);
    const given: unknown[] = [];
    for (const key in job.arrays) {
      const [block, shape] = job.arrays[key]!;
      given.push(
        block.handle === undefined
          ? this.device.view(
              (this.#nothing ??= this.device.upload(new Float32Array(1))),
              shape.map(() => 1),
            )
          : this.device.view(block.handle, shape),
      );
    }
    for (const key in job.numbers) given.push(job.numbers[key]);
    const takeOne = (result: object): Made => {
      const handle = this.device.take(result, elements);
      if (this.#closed) {
        this.device.free(handle);
        this.#expectAlive();
      }
      kernel.alive++;
      this.#arrays++;
      return { handle, kernel };
    };
    const take = (made: object): Made => {
      const { more = 0 } = job;
      const results = made as Readonly<Record<string, object>>;
      const block: Made =
        more === 0
          ? takeOne(made)
          : { ...takeOne(results["result"]!), more: moreResults(more).map((name) => takeOne(results[name]!)) };
      this.#made.add(block);
      return block;
    };
    try {
      const run = (): ReturnType<GpuJsFunction> => kernel.run(...given);
      const made = this.device.mode === "webasm" && !kernel.run.kernel.built ? this.#memories.lend(run) : run();
      this.#workers.adopt(kernel.run.kernel);
      return made instanceof Promise
        ? made.then(take).catch((cause: unknown) => this.#failed(job, kernel, elements, cause))
        : take(made);
    } catch (cause) {
      return this.#failed(job, kernel, elements, cause);
    }
  }

  #find(job: Job, elements: number): Kernel {
    const { name, out, arrays = {}, numbers = {}, body, work = 0 } = job;
    const parameters = [...Object.keys(arrays), ...Object.keys(numbers)].join(", ");
    const shapes = Object.values(arrays).map(([, shape]) => shape.join("×"));
    const key = `${name} ${out.join("×")} ← ${shapes.join(", ")} (${parameters}) ${body}`;
    const found = this.#kernels.get(key);
    if (found !== undefined) {
      if (this.#kernels.size > mostKernels / 2) {
        this.#kernels.delete(key); // the order is that of the last use
        this.#kernels.set(key, found);
      }
      return found;
    }
    if (shapes.length > mostArrays)
      throw new BackendError(
        `${this.name}: the kernel of ${name} reads ${shapes.length} arrays; a WebGPU stage takes ${mostArrays} besides the result`,
      );
    this.device.expectRoom(elements, `the result of ${name}`);
    const threaded = this.#threads > 1 && sizeOf(out) >= fewestForThreads && work >= leastWorkForThreads;
    const run = compile(this.#gpu, written(job, parameters, this.device), job.more ?? 0, threaded ? this.#threads : 1);
    if (threaded) this.#workers.lend(run.kernel);
    const made: Kernel = { key, run, alive: 0, moved: false };
    this.#kernels.set(key, made);
    this.#compiled++;
    this.#dropOldest();
    return made;
  }

  /** A kernel failed: it runs elsewhere if it may, and is an error otherwise. */
  #failed(job: Job, kernel: Kernel, elements: number, cause: unknown): Promise<Block> {
    if (cause instanceof BackendError) throw cause;
    const vectors = job.four === true && this.device.fours === "vectors"; // the mode cpu has none
    if (cause instanceof CannotCompile && this.#makeSpare !== undefined && !vectors) {
      kernel.moved = true;
      return this.#runSpare(job, elements);
    }
    this.#kernels.delete(kernel.key); // gpu.js may have built half of it
    const why = (cause as Error).message.split("\n", 3).join(" ");
    throw new BackendError(
      cause instanceof CannotCompile
        ? `${this.name}: gpu.js cannot compile ${job.name} for this mode (${why}); allow it to run in the mode cpu with fallback: true`
        : `${this.name}: ${job.name} failed in gpu.js: ${why}`,
      { op: job.name, backend: this.name },
      { cause },
    );
  }

  /** Computes on the host what cannot be computed on the device, there and back again. */
  async #runSpare(job: Job, elements: number): Promise<Block> {
    const spare = (this.#spare ??= this.#makeSpare!());
    this.#moved.set(job.name, (this.#moved.get(job.name) ?? 0) + 1);
    const arrays: Record<string, readonly [Block, readonly number[]]> = {};
    for (const [key, [block, shape]] of Object.entries(job.arrays ?? {}))
      arrays[key] = [spare.upload(await this.read(block, sizeOf(shape))), shape];
    const block = await spare.run({ ...job, arrays });
    return this.upload(await spare.read(block, elements));
  }

  #dropOldest(): void {
    if (this.#kernels.size <= mostKernels) return;
    for (const [key, kernel] of this.#kernels) {
      // A texture needs its kernel to be freed.
      if (kernel.alive > 0) continue;
      this.#kernels.delete(key);
      this.#workers.takeBack(kernel.run.kernel);
      kernel.run.destroy();
      return;
    }
  }
  #expectAlive(): void {
    const why = this.#closed ? "it was closed" : this.device.lost();
    if (why !== undefined) throw new BackendError(`${this.name}: ${why}`, { backend: this.name });
  }
  /** Frees everything, threads as well. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#workers.close();
    this.#memories.close();
    this.#spare?.close();
    this.device.close();
    void this.#gpu.destroy();
  }
}
