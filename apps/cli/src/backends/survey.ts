import { backends, type BackendName, type Computing } from "./choices.ts";
import { measureProduct, type ProductSpeed } from "./product.ts";

/** What a backend is worth on this machine. */
export type Surveyed =
  | {
      /** What `--backend` takes. */
      readonly backend: BackendName;
      readonly works: true;
      /** What it says that it is. */
      readonly name: string;
      /** How many threads compute; none where a graphics device does. */
      readonly threads?: number;
      readonly product: ProductSpeed;
    }
  | { readonly backend: BackendName; readonly works: false; readonly reason: string };

/** The backends that differ from each other: `gpujs` alone is one of the others. */
export const surveyable: readonly BackendName[] = [
  "cpu",
  "wasm",
  "gpujs:webasm",
  "gpujs:cpu",
  "gpujs:webgl2",
  "gpujs:webgpu",
];

/** Starts a backend, measures it and closes it. What goes wrong is a reason why it does not work, whatever it is. */
export async function survey(
  backend: BackendName,
  start: () => Computing | Promise<Computing> = backends[backend],
): Promise<Surveyed> {
  let on: Computing | undefined;
  try {
    on = await start();
    const product = await measureProduct(on);
    const { name, threads = 1 } = on;
    const graphics = backend === "gpujs:webgl2" || backend === "gpujs:webgpu";
    return { backend, works: true, name, ...(!graphics && { threads }), product };
  } catch (error) {
    return { backend, works: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    on?.close?.();
  }
}
