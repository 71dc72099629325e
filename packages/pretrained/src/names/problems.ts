/** Problems of one kind that a message lists before it only counts the rest. */
const listed = 8;

/** Lists of problems, by what they are, as lines of a message; undefined when there are none. */
export function problems(kinds: Readonly<Record<string, readonly string[]>>): string | undefined {
  const lines = Object.entries(kinds)
    .filter(([, items]) => items.length > 0)
    .map(([title, items]) => {
      const more = items.length > listed ? `\n    and ${items.length - listed} more` : "";
      return `  ${items.length} ${title}:\n${items
        .slice(0, listed)
        .map((item) => `    ${item}`)
        .join("\n")}${more}`;
    });
  return lines.length === 0 ? undefined : lines.join("\n");
}
