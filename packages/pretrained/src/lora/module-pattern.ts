import type { Config } from "../config/config.ts";

// What a pattern of PEFT is made of here. A file from elsewhere shall not bring an expression that takes a computer forever: nothing in these repeats what repeats.
const piece = String.raw`[\w-]|\\?\.|\\d\+|\[\d-\d\]\+?|\((?:[\w.-]|\\\.|\|)+\)`;
const plain = new RegExp(`^\\^?(?:(?:${piece})|\\.\\*){1,200}\\$?$`);

/**
 * Which of PEFT's patterns, regular expressions for the end of a module's name, is the first to fit: the keys of `rank_pattern` and `alpha_pattern`. Throws `CheckpointError` for one
 * that is more than names, `.`, `\d+`, `[0-9]+`, `(a|b)` and up to two `.*`.
 */
export function patternFor(config: Config, patterns: readonly string[]): (module: string) => string | undefined {
  const known = patterns.map((pattern) => {
    if (!plain.test(pattern) || pattern.split(".*").length > 3)
      throw config.problem(pattern, String.raw`a pattern of names, ., \d+, [0-9]+, (a|b) and up to two .*`);
    return { pattern, expression: new RegExp(`^(?:.*\\.)?(?:${pattern})$`) };
  });
  return (module) => known.find(({ expression }) => expression.test(module))?.pattern;
}
