import type { CausalModel, GeneratedToken, Generation } from "../src/index.ts";
import { tensor, type Backend } from "@tenon/tensor";

/** Every token of a generation. */
export async function collect(generation: Generation): Promise<GeneratedToken[]> {
  const tokens: GeneratedToken[] = [];
  for await (const token of generation) tokens.push(token);
  return tokens;
}

/** The pieces of text, joined. */
export const joined = (tokens: readonly GeneratedToken[]): string => tokens.map(({ text }) => text).join("");

/** A model that says these ids one after another, whatever the prompt, and then starts again. */
export function recital(backend: Backend, vocabulary: number, ids: readonly number[]): CausalModel<{ step: number }> {
  return {
    vocabulary,
    context: Infinity,
    backend,
    cache: () => ({ step: 0, [Symbol.dispose]() {} }),
    next(_, cache) {
      const logits = new Float32Array(vocabulary);
      logits[ids[cache.step++ % ids.length]!] = 9;
      return tensor(logits, [1, vocabulary], backend);
    },
  };
}
