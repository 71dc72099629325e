import { BackendError } from "@tenon/tensor";

import { assemble } from "./assembler/module.ts";
import type { Block } from "./block.ts";
import { scratchBytes, type Arguments, type Fields, type Kernel } from "./kernel.ts";
import { unpackBlock } from "./kernels/panels.ts";
import { mostPages, WasmMemory } from "./memory/wasm-memory.ts";
import type { Run } from "./threads/control.ts";
import { Pool } from "./threads/pool.ts";

/** Where kernels find their arguments. Below lies nothing, so that 0 can mean "no such tensor". */
const parameters = 64;
const constants = 2048;
const firstScratch = 4096;

export interface EngineOptions {
  readonly threads: number;
  readonly relaxed: boolean;
  /** Every kernel that {@link Engine.run} may be asked for. */
  readonly kernels: readonly Kernel[];
  /** The most pages of 64 KiB that the memory may have. Default 65,536, which is 4 GiB. */
  readonly maximumPages?: number;
}

/** A module of kernels, its memory and its threads: what all kernels of the backend run on. */
export class Engine {
  readonly memory: WasmMemory;
  readonly relaxed: boolean;
  readonly #kernels: ReadonlyMap<Kernel, number>;
  readonly #runs: readonly Run[];
  readonly #pool: Pool | undefined;
  #i32: Int32Array;
  #f32: Float32Array;
  #closed = false;

  private constructor(
    memory: WasmMemory,
    relaxed: boolean,
    kernels: readonly Kernel[],
    runs: readonly Run[],
    pool: Pool | undefined,
  ) {
    this.memory = memory;
    this.relaxed = relaxed;
    this.#kernels = new Map(kernels.map((kernel, i) => [kernel, i]));
    this.#runs = runs;
    this.#pool = pool;
    this.#i32 = memory.i32;
    this.#f32 = memory.f32;
  }

  static async start({ threads, relaxed, kernels, maximumPages = mostPages }: EngineOptions): Promise<Engine> {
    const shared = threads > 1;
    const reserved = firstScratch + threads * scratchBytes;
    const memory = new WasmMemory({ shared, reserved, maximumPages });
    const limits = { initialPages: 1, maximumPages, shared };
    const bytes = assemble(
      kernels.map((kernel) => kernel.build({ relaxed })),
      limits,
    );
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory: memory.memory } });
    const names = kernels.map(({ name }) => name);
    const runs = names.map((name) => instance.exports[name] as Run);
    const pool = shared
      ? await Pool.start({
          workers: threads - 1,
          bytes,
          memory: memory.memory,
          names,
          parameters,
          scratch: (thread) => firstScratch + thread * scratchBytes,
        })
      : undefined;
    return new Engine(memory, relaxed, kernels, runs, pool);
  }

  get threads(): number {
    return this.#pool?.threads ?? 1;
  }

  /**
   * Runs a kernel on units 0 to `units` − 1 and returns when all are done. Threads take `grain` units at a time: choose it so that
   * these are 20 µs of work or more, for that is about what it costs to involve a thread. One grain or less runs on this thread alone.
   */
  run<F extends Fields>(kernel: Kernel<F>, values: Arguments<F>, units: number, grain: number = units): void {
    if (units === 0) return;
    const n = this.#kernels.get(kernel);
    if (n === undefined || this.#closed) throw this.#refusal(kernel.name);
    if (this.#i32.buffer !== this.memory.i32.buffer) {
      this.#i32 = this.memory.i32;
      this.#f32 = this.memory.f32;
    }
    let at = parameters / 4;
    for (const key in kernel.fields) {
      if (kernel.fields[key] === "i32") this.#i32[at] = values[key];
      else this.#f32[at] = values[key];
      at++;
    }
    const run = this.#runs[n]!;
    if (this.#pool === undefined || units <= grain) run(parameters, 0, units, firstScratch);
    else this.#pool.run(n, run, units, grain);
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
    if (block.panels !== undefined) unpackBlock(this, block);
    return block.region.at;
  }

  /** Stops the threads. */
  close(): void {
    this.#closed = true;
    this.#pool?.stop();
  }
}
