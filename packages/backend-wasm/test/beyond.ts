import { Engine, type EngineOptions } from "../src/engine.ts";

/** What 32-bit addresses reach: 4 GiB. */
const border: number = 2 ** 32;

/**
 * An engine of which all memory is taken up to so many bytes below the border, and nothing of that touched: what is allocated lies beyond it, or
 * across it.
 */
export async function startBeyond(
  options: Omit<EngineOptions, "maximumPages">,
  { below = 0 }: { readonly below?: number } = {},
): Promise<Engine> {
  const engine = await Engine.start({ ...options, maximumPages: 98_304 });
  const first = engine.memory.allocate(1);
  engine.memory.release(first);
  engine.memory.allocate(border - below - first.at);
  const next = engine.memory.allocate(1);
  engine.memory.release(next);
  if (next.at !== border - below) throw new Error(`what is allocated next lies at ${next.at}`);
  return engine;
}
