import { BackendError } from "@tenon/tensor";
import { assembleWasm, type MemoryLimits, nearPages } from "@tenon/wasm-assembler";

import type { Block } from "./block.ts";
import { writeConstants } from "./constants.ts";
import { argumentBytes, scratchBytes, type Arguments, type Fields, type Kernel, type Target } from "./kernel.ts";
import { isPacked, unpacked } from "./kernels/unpack.ts";
import { WasmMemory } from "./memory/wasm-memory.ts";
import type { Run } from "./threads/control.ts";
import { load } from "./threads/load.ts";
import { Pool, type PoolSettings } from "./threads/pool.ts";

/** Where kernels find their arguments. Below lies nothing, so that 0 can mean "no such tensor". */
const parameters = 64;
const constants = 2048;
const firstScratch = 4096;

export interface EngineOptions {
  readonly threads: number;
  readonly relaxed: boolean;
  /** See {@link Target}. */
  readonly wide?: boolean;
  /** Every kernel that {@link Engine.run} may be asked for. */
  readonly kernels: readonly Kernel[];
  /** The most pages of 64 KiB that the memory may have; where they are more than 32 bits reach, addresses have 64. Default 65,536: 4 GiB. */
  readonly maximumPages?: number;
  readonly pool?: PoolSettings;
}

/** A kernel that was compiled. */
interface Loaded {
  readonly run: Run;
  /** Its number in the pool. */
  readonly number: number;
}

/** A module of kernels, its memory and its threads: what all kernels of the backend run on. */
export class Engine {
  readonly memory: WasmMemory;
  readonly relaxed: boolean;
  readonly wide: boolean;
  /** Whether addresses have 64 bits. */
  readonly far: boolean;
  readonly #kernels: ReadonlySet<Kernel>;
  readonly #loaded: Map<Kernel, Loaded> = new Map();
  readonly #limits: MemoryLimits;
  readonly #pool: Pool | undefined;
  #i32: Int32Array;
  #f32: Float32Array;
  #closed = false;

  private constructor(
    memory: WasmMemory,
    { relaxed, wide = false, far = false }: Target,
    kernels: readonly Kernel[],
    limits: MemoryLimits,
    pool: Pool | undefined,
  ) {
    this.memory = memory;
    this.relaxed = relaxed;
    this.wide = wide;
    this.far = far;
    this.#kernels = new Set(kernels);
    this.#limits = limits;
    this.#pool = pool;
    this.#i32 = memory.i32;
    this.#f32 = memory.f32;
  }

  static async start({
    threads,
    relaxed,
    wide = false,
    kernels,
    maximumPages = nearPages,
    pool: pooled,
  }: EngineOptions): Promise<Engine> {
    const far = maximumPages > nearPages;
    const shared = threads > 1;
    const target = { relaxed, wide, far };
    const reserved = firstScratch + threads * scratchBytes;
    const memory = new WasmMemory({ shared, reserved, maximumPages, far });
    const pool = shared
      ? await Pool.start({
          ...pooled,
          workers: threads - 1,
          memory: memory.memory,
          parameters,
          scratch: (thread) => firstScratch + thread * scratchBytes,
        })
      : undefined;
    return new Engine(memory, target, kernels, { initialPages: 1, maximumPages, shared, far }, pool);
  }

  get threads(): number {
    return this.#pool?.threads ?? 1;
  }
  /** How many threads compute by now: where a worker surely starts, nobody waits until it has. */
  get threadsNow(): number {
    return 1 + (this.#pool?.arrived ?? 0);
  }

  /**
   * Runs a kernel on units 0 to `units` − 1 and returns when all are done. Threads take `grain` units at a time: choose it so that
   * these are 20 µs of work or more, for that is about what it costs to involve a thread. One grain or less runs on this thread alone.
   */
  run<F extends Fields>(kernel: Kernel<F>, values: Arguments<F>, units: number, grain: number = units): void {
    if (units === 0) return;
    if (this.#closed) throw this.#refusal(kernel.name);
    if (this.#pool?.broken !== undefined) throw this.#pool.broken;
    const { run, number } = this.#loaded.get(kernel) ?? this.#load(kernel);
    if (this.#i32.buffer !== this.memory.i32.buffer) {
      this.#i32 = this.memory.i32;
      this.#f32 = this.memory.f32;
    }
    if (this.far) this.#writeFar(kernel, values);
    else {
      let at = parameters / 4;
      for (const key in kernel.fields) {
        if (kernel.fields[key] === "i32") this.#i32[at] = values[key];
        else this.#f32[at] = values[key];
        at++;
      }
    }
    if (this.#pool === undefined || units <= grain) run(parameters, 0, units, firstScratch);
    else this.#pool.run(number, run, units, grain);
  }
  /** Writes arguments of 64 bits, whole numbers in two words: the upper one is what the lower, which wraps around, leaves. */
  #writeFar<F extends Fields>({ fields }: Kernel<F>, values: Arguments<F>): void {
    let at = parameters / 4;
    for (const key in fields) {
      const x: number = values[key];
      if (fields[key] === "i32") {
        this.#i32[at] = x;
        this.#i32[at + 1] = (x - (x >>> 0)) / 2 ** 32;
      } else this.#f32[at] = x;
      at += argumentBytes(true) / 4;
    }
  }
  /** Writes and compiles a kernel, when it is first run: all of them would take longer than a program should take to start. */
  #load(kernel: Kernel): Loaded {
    if (!this.#kernels.has(kernel)) throw this.#refusal(kernel.name);
    const bytes = assembleWasm([kernel.build({ relaxed: this.relaxed, wide: this.wide, far: this.far })], this.#limits);
    writeConstants(this.memory);
    const loaded = { run: load(bytes, this.memory.memory), number: this.#pool?.add(bytes) ?? 0 };
    this.#loaded.set(kernel, loaded);
    return loaded;
  }
  #refusal(kernel: string): BackendError {
    return new BackendError(
      this.#closed
        ? "wasm: this backend was closed, so nothing more can be computed on it. Make a new one with wasm()."
        : `wasm: the kernel ${kernel} is not part of the module`,
      { kernel },
    );
  }

  /** Writes a number to memory, where operand i of the next kernel finds it; returns the address. */
  constant(i: number, x: number, dtype: "f32" | "i32" | "u8"): number {
    const at = constants + 16 * i;
    if (dtype === "f32") this.memory.f32[at / 4] = x;
    else if (dtype === "i32") this.memory.i32[at / 4] = x;
    else this.memory.u8[at] = x;
    return at;
  }

  /** The address of a block's elements, row by row. A weight that was packed is put back into rows, and stays so. */
  at(block: Block): number {
    block.needsRows = true;
    if (isPacked(block)) {
      const region = unpacked(this, block);
      this.memory.release(block.region);
      block.region = region;
      block.panels = undefined;
      block.levels = undefined;
    }
    return block.region.at;
  }

  /** Stops the threads. */
  close(): void {
    this.#closed = true;
    this.#pool?.stop();
  }
}
