const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** A share from 0 to 1 as a bar of at most `width` characters, exact to an eighth of one, padded with spaces. */
export function bar(share: number, width: number): string {
  const filled = Math.round(share * width * 8);
  return `${"█".repeat(Math.floor(filled / 8))}${eighths[filled % 8]}`.padEnd(width);
}
