const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as it may stand in XML, between tags or in quotes; control characters and what else XML does not allow become U+FFFD. */
export function svgText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\ufffe\uffff]|(?![\t\n\r])\p{Cc}/gu, "\ufffd")
    .replace(/[&<>"]/g, (character) => entities[character]!);
}
