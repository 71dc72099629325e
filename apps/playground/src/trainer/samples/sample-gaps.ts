import { generate, greedy, suppress } from "@tenon/sampling";
import { ConfigError, ids as idTensor } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import type { Translating } from "../learn/fill-gaps.ts";
import type { SamplePiece } from "../run-state.ts";
import { betweenGaps, gap, gapToken } from "../text/gaps.ts";

/** How many tokens are said for all gaps together, at most. */
const longest = 40;

/** What stands around gaps and texts. */
interface Marks {
  readonly begin: number;
  readonly end: number;
  readonly sentinels: readonly number[];
}

/** What an encoder–decoder says stood in the gaps of a prompt. Throws `ConfigError` for a prompt without a gap, with too many, or too long. */
export async function sampleGaps(
  model: Translating,
  tokenizer: Tokenizer,
  { begin, end, sentinels }: Marks,
  prompt: string,
): Promise<readonly SamplePiece[]> {
  const texts = betweenGaps(prompt);
  if (texts.length === 1) throw new ConfigError(`the prompt has no gap. Write ${gap} where something is missing.`);
  if (texts.length - 1 > sentinels.length)
    throw new ConfigError(`the prompt has ${texts.length - 1} gaps, and the model knows ${sentinels.length} at most.`);
  const source = texts.map((text, i) => (i === 0 ? text : `${gapToken(i - 1)}${text}`)).join("");
  const ids = [...tokenizer.encode(source), end];
  const [readable, writable] = "sourceContext" in model ? [model.sourceContext, model.context] : [Infinity, Infinity];
  if (ids.length > readable)
    throw new ConfigError(`the prompt has ${ids.length} tokens, and the model reads ${readable} at most.`);
  const beyond = Array.from({ length: model.vocabulary - tokenizer.size }, (_, i) => tokenizer.size + i);
  using encoded = model.encode(idTensor(ids, [1, ids.length], model.backend, { limit: model.sourceVocabulary }));
  const said: number[] = [];
  const tokens = generate(encoded, [begin], {
    maxTokens: Math.min(longest, writable - 1),
    strategy: greedy(),
    stop: [end],
    transforms: beyond.length > 0 ? [suppress(beyond)] : [],
  });
  for await (const { id } of tokens) said.push(id);
  const fillings = fillingsIn(
    said.filter((id) => id !== end),
    sentinels,
    tokenizer,
  );
  return texts.flatMap((text, i): SamplePiece[] => [
    { text, by: "prompt" },
    ...(i < texts.length - 1 ? [pieceOf(fillings[i])] : []),
  ]);
}

const pieceOf = (filling: string | undefined): SamplePiece =>
  filling === undefined || filling.trim() === ""
    ? { text: filling === undefined ? "(not filled)" : "(nothing)", by: "note" }
    : { text: filling, by: "model" };

/** What was said behind each sentinel; nothing where it never came. */
export function fillingsIn(
  said: readonly number[],
  sentinels: readonly number[],
  tokenizer: Tokenizer,
): readonly (string | undefined)[] {
  const special = new Set(Object.values(tokenizer.special));
  return sentinels.map((sentinel) => {
    const from = said.indexOf(sentinel);
    if (from === -1) return undefined;
    const rest = said.slice(from + 1);
    const to = rest.findIndex((id) => sentinels.includes(id));
    return tokenizer.decode((to === -1 ? rest : rest.slice(0, to)).filter((id) => !special.has(id)));
  });
}
