import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parseSync } from "oxc-parser";

const parsed = new Map();

/** A file's syntax tree, exports and comments, with its source and `lineOf(offset)`. */
export function parse(root, path) {
  const file = join(root, path);
  if (!parsed.has(file)) {
    const source = readFileSync(file, "utf8");
    const { program, module, comments, errors } = parseSync(path, source);
    if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0].message}`);
    const lineOf = (offset) => source.slice(0, offset).split("\n").length;
    parsed.set(file, { source, program, module, comments, lineOf });
  }
  return parsed.get(file);
}
