// Reads what a file declares, and the doc comments on it.
import { readFences } from "./fences.mjs";
import { parse } from "./parse.mjs";

/**
 * The top-level declarations of a file, one for each name, `{ name, kind, line, comment }`, and all its doc comments.
 *
 * `kind` is "function", "class" or "other". A comment is `{ prose, fences, bare, name }`: its text outside of fences, its fences of
 * TypeScript, the lines of `@example` tags that no such fence follows, and the name of the declaration that it is on, or inside of.
 */
export function readDeclarations(root, path) {
  const { source, program, comments, lineOf } = parse(root, path);
  const docs = comments
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .map(({ value, start, end }) => ({ ...readDoc(value, lineOf(start)), start, end, name: "" }));
  const declarations = new Map();
  for (const statement of program.body) {
    const comment = docs.findLast(({ end }) => isDirectlyBefore(source, end, statement.start));
    for (const { name, kind } of declared(statement.declaration ?? statement)) {
      for (const doc of docs) {
        if (doc === comment || (doc.start >= statement.start && doc.end <= statement.end)) doc.name = name;
      }
      // Of a function's overloads, one comment speaks for all.
      if (declarations.get(name)?.comment === undefined)
        declarations.set(name, { name, kind, line: lineOf(statement.start), comment });
    }
  }
  return { declarations: [...declarations.values()], comments: docs };
}

/** Is there nothing but white space and line comments in between? */
function isDirectlyBefore(source, end, start) {
  return end <= start && /^(\s|\/\/.*)*$/.test(source.slice(end, start));
}

function declared(node) {
  if (node.type === "VariableDeclaration") {
    return node.declarations.flatMap(({ id, init }) =>
      id.type === "Identifier" ? [{ name: id.name, kind: isFunction(init) ? "function" : "other" }] : [],
    );
  }
  if (node.id?.type !== "Identifier") return [];
  const kinds = { FunctionDeclaration: "function", TSDeclareFunction: "function", ClassDeclaration: "class" };
  return [{ name: node.id.name, kind: kinds[node.type] ?? "other" }];
}

const isFunction = (node) => node?.type === "ArrowFunctionExpression" || node?.type === "FunctionExpression";

function readDoc(value, firstLine) {
  const text = value.replaceAll(/^[ \t]*\*+ ?/gm, "");
  const { fences, prose } = readFences(text, firstLine);
  const lines = text.split("\n").map((line) => line.trim());
  const isBare = (line, i) =>
    /(^| )@example\b/.test(line) && !(line === "@example" && /^```ts\b/.test(lines[i + 1] ?? ""));
  return { prose, fences, bare: lines.flatMap((line, i) => (isBare(line, i) ? [firstLine + i] : [])) };
}
