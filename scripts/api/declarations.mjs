// Reads declaration files: what a file declares, what it exports, and what a declaration refers to.
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { parseSync } from "oxc-parser";

/** The declaration files below a folder, each read once. */
export class Declarations {
  #folder;
  #files = new Map();

  constructor(folder) {
    this.#folder = folder;
  }

  /** What a file exports, by name: `{ file, local }` declared in the package, `{ from, local }` another's, or `{ namespace }` of a file. */
  exportsOf(file) {
    const found = new Map();
    for (const { moduleRequest, importName, exportName, localName } of this.#read(file).exported) {
      const target = moduleRequest && resolve(file, moduleRequest.value);
      if (importName.kind === "All") found.set(exportName.name, { namespace: target });
      else if (importName.kind === "AllButDefault") for (const one of this.exportsOf(target)) found.set(...one);
      else if (target === null) found.set(exportName.name, this.find(file, localName.name));
      else found.set(exportName.name, this.#exported(moduleRequest.value, target, importName.name));
    }
    return found;
  }

  /** Where a name that a file uses is declared: `{ file, local }` in the package, `{ from, local }` in another, or undefined: it is built in. */
  find(file, name) {
    const { declared, imported } = this.#read(file);
    if (declared.has(name)) return { file, local: name };
    const { from, importName } = imported.get(name) ?? {};
    return from === undefined ? undefined : this.#exported(from, resolve(file, from), importName);
  }

  #exported(from, target, name) {
    if (!from.startsWith(".")) return { from, local: name };
    if (name.startsWith("* as ")) return { namespace: target };
    return this.exportsOf(target).get(name);
  }

  /** The text of a declaration, all its overloads, and the places of what it refers to. */
  describe({ file, local }) {
    const { source, comments, declared } = this.#read(file);
    const nodes = declared.get(local);
    const text = nodes.map((node) => withoutComments(source, node, comments));
    const names = new Set(nodes.flatMap(references));
    return { text: text.join("\n"), refers: [...names].map((name) => this.find(file, name)).filter(Boolean) };
  }

  #read(file) {
    if (!this.#files.has(file)) this.#files.set(file, readFile(join(this.#folder, file), file));
    return this.#files.get(file);
  }
}

const resolve = (file, specifier) => posix.join(posix.dirname(file), specifier).replace(/\.[jt]s$/, ".d.ts");

function readFile(path, file) {
  const source = readFileSync(path, "utf8");
  const { program, module, comments, errors } = parseSync(file, source);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0].message}`);
  const declared = new Map();
  for (const statement of program.body) {
    const node = statement.declaration ?? statement;
    const names = node.type === "VariableDeclaration" ? node.declarations.map(({ id }) => id.name) : [node.id?.name];
    for (const name of names.filter(Boolean)) declared.set(name, [...(declared.get(name) ?? []), statement]);
  }
  const imported = new Map(
    module.staticImports.flatMap(({ moduleRequest, entries }) =>
      entries.map(({ importName, localName }) => [
        localName.value,
        { from: moduleRequest.value, importName: importName.name ?? `* as ${localName.value}` },
      ]),
    ),
  );
  const exported = module.staticExports.flatMap(({ entries }) => entries);
  return { source, comments, declared, imported, exported };
}

/** The names of types, and of values in types, that a node refers to. */
function references(node) {
  if (node === null || typeof node !== "object") return [];
  if (node.type === "TSImportType") throw new Error("an import() in a type: give it a name by an import of types");
  return [...firstName(named(node)), ...Object.values(node).flatMap(references)];
}

function named({ type, typeName, exprName, expression, superClass, computed, key }) {
  if (type === "TSTypeReference") return typeName;
  if (type === "TSTypeQuery") return exprName;
  if (type === "TSInterfaceHeritage" || type === "TSClassImplements") return expression;
  if (type === "ClassDeclaration") return superClass;
  return computed === true ? key : undefined;
}

/** The first name of `a.b.c`. */
function firstName(node) {
  if (!node) return [];
  return node.type === "Identifier" ? [node.name] : firstName(node.left ?? node.object ?? node.expression);
}

/** The text of a statement without its comments, of which only what they say of deprecation stays. */
function withoutComments(source, { start, end }, comments) {
  let text = "";
  // That it is declared, and exported, need not be said.
  let at = start + /^(export )?(declare )?/.exec(source.slice(start, end))[0].length;
  const before = comments.findLast((comment) => comment.end <= start && source.slice(comment.end, start).trim() === "");
  if (before !== undefined) text += deprecation(before);
  for (const comment of comments.filter((one) => one.start >= start && one.end <= end)) {
    const kept = source.slice(at, comment.start);
    text += `${kept.replace(/\n[ \t]*$/, "")}${deprecation(comment, "\n    ")}`;
    at = comment.end;
  }
  return text + source.slice(at, end);
}

function deprecation({ value }, indent = "") {
  const said = /@deprecated\b([^@]*)/.exec(value)?.[1];
  if (said === undefined) return "";
  return `${indent}/** @deprecated ${said.replaceAll(/\s*\n\s*\*?\s*/g, " ").trim()} */${indent === "" ? "\n" : ""}`;
}
