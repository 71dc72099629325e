/**
 * The fences of TypeScript in a text, `{ language, line, code }`, where the language may say more than "ts", and the line is that of the
 * opening; and the text outside of all fences.
 */
export function readFences(text, firstLine = 1) {
  const fences = [];
  const prose = [];
  let fence;
  text.split("\n").forEach((line, i) => {
    const isMark = line.trimStart().startsWith("```");
    if (isMark && fence === undefined) {
      fence = { language: line.trim().slice(3), line: firstLine + i, code: "" };
      fences.push(fence);
    } else if (isMark) fence = undefined;
    else if (fence === undefined) prose.push(line.trim());
    else fence.code += `${line}\n`;
  });
  return { fences: fences.filter(({ language }) => /^ts\b/.test(language)), prose: prose.join("\n").trim() };
}
