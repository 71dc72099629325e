import { assemble, llama, type Decoder } from "@tenon/models";
import type { LogitsTransform } from "@tenon/sampling";
import type { Backend } from "@tenon/tensor";

export const sizes = { vocabulary: 8192, context: 512, width: 256, layers: 6, heads: 8, hidden: 688 };

/**
 * An untrained model, and a draft that is its first layer with the same tables. The layers above add little to the stream (a hundredth of what they would), which
 * stands for what a trained draft has learned: it mostly foresees the large model. How often is measured, and printed.
 */
export async function modelAndDraft(on: Backend): Promise<{ readonly model: Decoder; readonly draft: Decoder }> {
  const model = await assemble(llama(sizes), { seed: 1 }).to(on);
  const damped = /^blocks\.[1-9].*(?:attention\.output|feedForward\.down)\.weight$/;
  let count = 0;
  for (const [path, parameter] of model.parameters()) {
    if (!damped.test(path)) continue;
    parameter.assign((await parameter.host()).map((value) => value / 100));
    count++;
  }
  if (count !== 2 * (sizes.layers - 1)) throw new Error(`${count} parameters were damped: their names have changed`);
  const draft = await assemble(llama({ ...sizes, layers: 1 })).to(on);
  const trained = model.parameters();
  for (const [path, parameter] of draft.parameters()) parameter.assign(await trained.get(path)!.host());
  return { model, draft };
}

/** Makes any model repeat the ids from `begin` on, `period` apart, as a trained one does that copies: what it costs to compute stays the same. */
export function repeating(begin: number, period: number): LogitsTransform {
  return {
    name: "repeating",
    apply(logits, { ids }) {
      const scores = logits.slice();
      scores[ids[begin + ((ids.length - begin) % period)]!]! += 1e6;
      return scores;
    },
  };
}

/** Pieces of text for 8192 ids: every byte, then pairs and triples of letters. */
export function pieces(): (string | Uint8Array)[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  const letters = [..."etaoinshrdlcumwfgypbvk"];
  const pairs = letters.flatMap((a) => letters.map((b) => a + b));
  const triples = pairs.flatMap((pair) => letters.map((c) => pair + c));
  return [...bytes, ...pairs, ...triples].slice(0, sizes.vocabulary);
}
