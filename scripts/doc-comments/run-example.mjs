// Runs a piece of example code, and compares what it prints with the comments that say so.
import { stripTypeScriptTypes } from "node:module";
import { format } from "node:util";

import { parseSync } from "oxc-parser";

const AsyncFunction = (async () => {}).constructor;

/**
 * Runs TypeScript that may use `await` and `using`. A `console.log` says what it prints: the comment at the end of its last line, or the
 * comment lines below it, are what Node prints, where line breaks and the indentation after them count as one space. What is printed in a
 * loop stands below the loop, one comment line for each call.
 *
 * @param {string} code
 * @param {(specifier: string) => Promise<object>} importModule gives what the code imports
 * @param {Record<string, unknown>} provided what it may use without importing it
 * @returns {Promise<string[]>} what is wrong, one clause each
 */
export async function runExample(code, importModule, provided = {}) {
  const { program, module, comments, errors } = parseSync("example.ts", code, { sourceType: "module" });
  if (errors.length > 0) return [`does not parse: ${errors[0].message}`];
  const promises = findLogs(program).map((node) => promisedBy(node, comments, code));
  if (promises.some((lines) => lines.length === 0)) return ["has a console.log that does not say what it prints"];

  const printed = [];
  const log = (...values) => void printed.push(oneLine(format(...values)));
  const given = { ...provided, importModule, console: { log } };
  const javascript = stripTypeScriptTypes(withoutImports(code, module));
  try {
    // In a block of its own, because code may declare a name that is provided.
    const run = new AsyncFunction(...Object.keys(given), `"use strict"; {\n${javascript}\n}`);
    await run(...Object.values(given));
  } catch (error) {
    return [`does not run: ${oneLine(String(error))}`];
  }
  const promised = promises.flat();
  const wrong = promised.flatMap((text, i) =>
    text === printed[i] ? [] : [`prints ${printed[i] ?? "nothing"}, where it says ${text}`],
  );
  const more = printed.slice(promised.length).map((text) => `prints ${text}, which it does not say`);
  return [...wrong, ...more];
}

/** What the comments of TypeScript that {@link runExample} takes say that it prints. */
export function promisedLines(code) {
  const { program, comments } = parseSync("example.ts", code, { sourceType: "module" });
  return findLogs(program).flatMap((node) => promisedBy(node, comments, code));
}

const oneLine = (text) => (text.includes("\n") ? text.replaceAll(/\s+/g, " ").trim() : text);

/** The statements that call console.log, and the outermost loops around such statements, in their order. */
function findLogs(node) {
  if (node === null || typeof node !== "object") return [];
  const inside = Object.values(node).flatMap(findLogs);
  if (isLog(node) || (inside.length > 0 && isLoop(node))) return [node];
  return inside;
}

function isLog({ type, expression }) {
  const { object, property } = (type === "ExpressionStatement" && expression.callee) || {};
  return object?.name === "console" && property?.name === "log";
}

const isLoop = ({ type }) => /^(For|ForOf|ForIn|While|DoWhile)Statement$/.test(type ?? "");

/** The lines that the comments beside or below a statement promise. */
function promisedBy(node, comments, code) {
  const after = comments.filter(({ type, start }) => type === "Line" && start >= node.end);
  const [beside] = after;
  if (beside !== undefined && /^[ \t]*$/.test(code.slice(node.end, beside.start))) return [beside.value.trim()];
  const lines = [];
  let { end } = node;
  for (const below of after) {
    if (!/^[ \t]*\n[ \t]*$/.test(code.slice(end, below.start))) break;
    lines.push(below.value.trim());
    end = below.end;
  }
  return isLoop(node) || lines.length === 0 ? lines : [lines.join(" ")];
}

/** Imports become constants; those of types alone vanish. What is imported on the way comes from the same function. */
function withoutImports(code, { staticImports, dynamicImports }) {
  let result = code;
  for (const { start } of dynamicImports.toReversed())
    result = `${result.slice(0, start)}importModule${result.slice(start + "import".length)}`;
  // All of them stand before what is imported on the way.
  for (const { start, end, moduleRequest, entries } of staticImports.toReversed()) {
    const from = `await importModule(${JSON.stringify(moduleRequest.value)})`;
    const constants = entries
      .filter(({ isType }) => !isType)
      .map(({ importName, localName }) => {
        if (importName.kind === "NamespaceObject") return `const ${localName.value} = ${from};`;
        return `const { ${importName.name ?? "default"}: ${localName.value} } = ${from};`;
      });
    result = result.slice(0, start) + constants.join(" ") + result.slice(end);
  }
  return result;
}
