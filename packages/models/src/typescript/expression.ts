import { lineEnd, type Layout } from "./layout.ts";

/** A name that a piece of code uses: of a package, or a constant of the module that is written. */
export interface Use {
  readonly name: string;
  readonly from?: string | undefined;
  readonly type?: boolean | undefined;
}

/** A piece of TypeScript, with the names that it uses. Made by `construct`, `call`, `imported` and the like. */
export class Expression {
  readonly layout: Layout;
  readonly uses: readonly Use[];

  constructor(layout: Layout, uses: readonly Use[] = []) {
    this.layout = layout;
    this.uses = uses;
  }
}

/** What can stand in code: a value of JSON, code, or lists and objects of them. */
export type Printable =
  | Expression
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Printable[]
  | { readonly [key: string]: Printable };

/** A name that a package exports. */
export const imported = (name: string, from: string): Expression => new Expression(name, [{ name, from }]);
/** The same for a type. */
export const importedType = (name: string, from: string): Expression =>
  new Expression(name, [{ name, from, type: true }]);
/** A name of the module that is written: a constant, or a parameter of a function around it. */
export const named = (name: string): Expression => new Expression(name, [{ name }]);

const line = { flat: " ", broken: "" };
const comma = { flat: ", ", broken: "," };

/** A value as code. What is undefined, and an object of nothing else, is left out of objects. */
export function expressionOf(value: Printable): Expression {
  if (value instanceof Expression) return value;
  if (value === undefined) return new Expression("undefined");
  if (isArray(value)) return listOf(value.map(expressionOf));
  if (typeof value === "object" && value !== null) return objectOf(value);
  return new Expression(typeof value === "number" ? numberText(value) : JSON.stringify(value));
}

/** 1e-5 rather than 0.00001. */
function numberText(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}

function listOf(items: readonly Expression[]): Expression {
  const fill = items.map(({ layout }) => layout);
  return new Expression({ group: ["[", { indent: 2, inside: [softLine, { fill }] }, trailing, "]"] }, usesOf(items));
}
const softLine = { flat: "", broken: "" };
const trailing = { flat: "", broken: "," };

function objectOf(object: { readonly [key: string]: Printable }): Expression {
  const entries = Object.entries(object)
    .filter(([, value]) => !isAbsent(value))
    .map(([key, value]) => [/^[a-zA-Z_$][\w$]*$/.test(key) ? key : JSON.stringify(key), expressionOf(value)] as const);
  if (entries.length === 0) return new Expression("{}");
  const written = entries.map(([key, { layout }]): Layout => (layout === key ? key : [`${key}: `, layout]));
  const separated = written.flatMap((each, i): Layout[] => (i === 0 ? [each] : [comma, each]));
  return new Expression(
    { group: ["{", { indent: 2, inside: [line, separated] }, { flat: " ", broken: "," }, "}"] },
    usesOf(entries.map(([, value]) => value)),
  );
}

const isArray = (value: Printable): value is readonly Printable[] => Array.isArray(value);
const isAbsent = (value: Printable): boolean =>
  value === undefined ||
  (typeof value === "object" &&
    value !== null &&
    !(value instanceof Expression) &&
    !isArray(value) &&
    Object.values(value).every(isAbsent));

/** `callee(first, second)`; arguments at the end that are absent are left out. */
export function call(callee: Expression, ...values: readonly Printable[]): Expression {
  const last = values.findLastIndex((value) => !isAbsent(value));
  const given = values.slice(0, last + 1).map(expressionOf);
  const written = given.flatMap(({ layout }, i): Layout[] => (i === 0 ? [layout] : [", ", layout]));
  return new Expression([callee.layout, "(", written, ")"], usesOf([callee, ...given]));
}

/** `new name(first, second)`, of a class that a package exports. */
export function construct(name: string, from: string, ...values: readonly Printable[]): Expression {
  return code`new ${call(imported(name, from), ...values)}`;
}

/** `(first, second) => body`; parameters at the end that the body does not use are left out. */
export function arrow(parameters: readonly string[], body: Expression): Expression {
  const used = parameters.findLastIndex((name) => body.uses.some((use) => use.from === undefined && use.name === name));
  return new Expression([`(${parameters.slice(0, used + 1).join(", ")}) => `, body.layout], body.uses);
}

/** Code as it stands, with pieces of code in it. Lines keep their indentation, and what stands in them is indented with them. */
export function code(strings: TemplateStringsArray, ...pieces: readonly Printable[]): Expression {
  const inside = pieces.map(expressionOf);
  const lines: { indent: number; parts: Layout[] }[] = [{ indent: 0, parts: [] }];
  for (const [i, text] of strings.entries()) {
    for (const [j, part] of text.split("\n").entries()) {
      const bare = part.trimStart();
      if (j > 0) lines.push({ indent: part.length - bare.length, parts: [bare] });
      else lines.at(-1)!.parts.push(part);
    }
    if (i < inside.length) lines.at(-1)!.parts.push(inside[i]!.layout);
  }
  const layout = lines.map(({ indent, parts }, i): Layout => (i === 0 ? parts : { indent, inside: [lineEnd, parts] }));
  return new Expression(layout, usesOf(inside));
}

/** Statements, each in a line of its own. */
export function statements(each: readonly Expression[]): Expression {
  return new Expression(
    each.flatMap(({ layout }, i): Layout[] => (i === 0 ? [layout] : [lineEnd, layout])),
    usesOf(each),
  );
}

const usesOf = (expressions: readonly Expression[]): Use[] => expressions.flatMap(({ uses }) => uses);

/** An option that need not be said where it is what the part has anyway. */
export const unless = <T>(value: T, usual: T): T | undefined => (value === usual ? undefined : value);
