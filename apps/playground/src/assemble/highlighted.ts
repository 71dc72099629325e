type Language = "json" | "typescript";

/** Code as HTML whose words are marked by what they are. What does it is loaded at the first time. */
export async function highlighted(text: string, language: Language): Promise<string> {
  const [{ default: core }, { default: grammar }] = await Promise.all([
    import("highlight.js/lib/core"),
    grammars[language](),
  ]);
  if (core.getLanguage(language) === undefined) core.registerLanguage(language, grammar);
  return core.highlight(text, { language }).value;
}

const grammars = {
  json: () => import("highlight.js/lib/languages/json"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
};
