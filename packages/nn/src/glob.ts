/** Does a dotted name fit the pattern? `*` stands for anything within one name between dots, `**` for anything at all. */
export function glob(pattern: string): (name: string) => boolean {
  const source = pattern
    .split(/(\*+)/u)
    .map((piece) =>
      piece === "*" ? "[^.]*" : piece.startsWith("*") ? ".*" : piece.replaceAll(/[^\w]/gu, String.raw`\$&`),
    )
    .join("");
  const whole = new RegExp(`^${source}$`);
  return (name) => whole.test(name);
}
