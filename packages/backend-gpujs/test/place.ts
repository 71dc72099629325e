import type { Backend, Tensor, TypedArray } from "@tenon/tensor";
import { afterAll, beforeAll } from "vitest";

import type { Device, Mode } from "../src/device.ts";
import { Engine } from "../src/engine.ts";
import { gpujs, type GpujsBackend } from "../src/gpujs.ts";
import { loadLibrary, type GpuJs, type GpuJsLibrary } from "../src/library.ts";
import { hostDevice } from "../src/modes/host.ts";
import { webgl2Device } from "../src/modes/webgl2.ts";
import { webgpuDevice } from "../src/modes/webgpu.ts";

/** Where the tests run: a mode, and how many threads. */
export interface Place {
  readonly mode: Mode;
  readonly threads?: number;
}
export const nodePlaces: readonly Place[] = [
  { mode: "cpu" },
  { mode: "webasm", threads: 1 },
  { mode: "webasm", threads: 2 },
];
export const pagePlaces: readonly Place[] = [{ mode: "webgl2" }, { mode: "webgpu" }, { mode: "webasm", threads: 2 }];

export const titleOf = ({ mode, threads }: Place): string =>
  threads === undefined ? mode : `${mode}, ${threads} thread${threads === 1 ? "" : "s"}`;

export const open = (place: Place): Promise<GpujsBackend> => gpujs(place);

/** One backend for all tests of a `describe`. */
export function opened(place: Place): () => GpujsBackend {
  let on: GpujsBackend | undefined;
  beforeAll(async () => {
    on = await open(place);
  });
  afterAll(() => on?.close());
  return () => on!;
}

/** An engine as `gpujs` makes it, and what it was made of. */
export interface Opened {
  readonly engine: Engine;
  readonly device: Device;
  readonly gpu: GpuJs;
  readonly library: GpuJsLibrary;
}
export async function openEngine(place: Place, fallback = false): Promise<Opened> {
  const library = await loadLibrary();
  const { mode, threads = 1 } = place;
  const gpu = new library.GPU({ mode });
  const device =
    mode === "webgpu"
      ? await webgpuDevice(library, gpu, false)
      : mode === "webgl2"
        ? webgl2Device(library, gpu, false)
        : hostDevice(library, mode);
  const spare = (): Engine => new Engine(new library.GPU({ mode: "cpu" }), hostDevice(library, "cpu"), "spare");
  const engine = new Engine(gpu, device, `gpujs (${mode})`, threads, fallback ? spare : undefined);
  return { engine, device, gpu, library };
}

/** The values of a tensor, which is freed. */
export async function take(x: Tensor): Promise<TypedArray> {
  try {
    return await x.read();
  } finally {
    x[Symbol.dispose]();
  }
}

/** Resolves when all that a backend was told so far is done. */
export async function settle(on: Backend): Promise<void> {
  for (let done = pending(on); done !== undefined; done = pending(on)) await done;
}
/** A promise as long as there is something to wait for. This backend does not ask which tensor is meant. */
export const pending = (on: Backend): Promise<void> | undefined => on.settled?.(undefined as never);
