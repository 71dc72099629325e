import { sorted } from "./identity.ts";
import type { CorpusIdentity } from "./manifest.ts";

/** In what an older corpus differs from the one that is asked for, in words; undefined if they agree. */
export function difference(old: Partial<CorpusIdentity>, wanted: CorpusIdentity): string | undefined {
  return (
    differing("versions", old, wanted, "it was made by another version") ??
    sourcesDifference(old, wanted) ??
    differing("tokenizers", old, wanted, "the tokenizer is another") ??
    differing("frame", old, wanted, "the frame is another") ??
    differing("shardTokens", old, wanted, "shardTokens is another")
  );
}

function differing(
  key: keyof CorpusIdentity,
  old: Partial<CorpusIdentity>,
  wanted: CorpusIdentity,
  said: string,
): string | undefined {
  const [was, is] = [sorted(old[key]) ?? "missing", sorted(wanted[key])];
  return was === is ? undefined : `${said}: it was ${short(was)}, and is ${short(is)}`;
}

const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

function sourcesDifference(old: Partial<CorpusIdentity>, wanted: CorpusIdentity): string | undefined {
  const { files: before, ...rulesBefore } = { files: [], ...old.sources };
  const { files, ...rules } = wanted.sources;
  if (sorted(rulesBefore) !== sorted(rules)) {
    return `the texts are read in another way: it was ${short(sorted(rulesBefore))}, and is ${short(sorted(rules))}`;
  }
  if (!Array.isArray(before) || before.length !== files.length) return "there are other source files";
  for (const [index, file] of files.entries()) {
    if (sorted(before[index]) === sorted(file)) continue;
    return before[index]?.path === file.path ? `${file.path} has changed` : `${file.path} is another source file`;
  }
  return undefined;
}
