/** A value as `console.log` of Node prints it, for what examples print: texts, numbers, lists, plain objects, typed arrays. */
export function shown(value: unknown): string {
  return typeof value === "string" ? value : inside(value);
}

/** The most characters of a list or an object in one line. */
const wide = 72;

function inside(value: unknown): string {
  if (typeof value === "string")
    return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const list = value as unknown as ArrayLike<unknown> & { constructor: { name: string } };
    return `${list.constructor.name}(${list.length}) ${bracketed("[", Array.from(list, inside), "]", list.length)}`;
  }
  if (Array.isArray(value)) return bracketed("[", value.map(inside), "]", value.length);
  if (value instanceof Map)
    return `Map(${value.size}) ${bracketed(
      "{",
      [...value].map(([key, each]) => `${inside(key)} => ${inside(each)}`),
      "}",
      0,
    )}`;
  const name = (Object.getPrototypeOf(value) as { constructor?: { name: string } } | null)?.constructor?.name;
  const entries = Object.entries(value).map(
    ([key, each]) => `${/^[\w$]+$/.test(key) ? key : inside(key)}: ${inside(each)}`,
  );
  return `${name === "Object" || name === undefined ? "" : `${name} `}${bracketed("{", entries, "}", 0)}`;
}

/** As Node does: a short list in one line, a long one over several, and no more than a hundred of its elements. */
function bracketed(open: string, items: readonly string[], close: string, length: number): string {
  if (items.length === 0) return open + close;
  const some = items.slice(0, 100);
  const more = length > 100 ? [`... ${length - 100} more item${length === 101 ? "" : "s"}`] : [];
  const all = [...some, ...more];
  const line = `${open} ${all.join(", ")} ${close}`;
  return line.length <= wide + 4 && !line.includes("\n")
    ? line
    : `${open}\n  ${all.join(",\n  ").replaceAll("\n", "\n")}\n${close}`;
}
