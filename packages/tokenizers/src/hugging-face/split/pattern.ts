import { type Json, wrong } from "../json.ts";
import { toJavaScript } from "./regex-syntax.ts";

/** What `pattern` of a Split or Replace says: `{ "String": "…" }` or `{ "Regex": "…" }`. */
export function readPattern(json: Json): RegExp {
  const pattern = json.object("pattern");
  if (pattern.has("Regex")) return toJavaScript(pattern.string("Regex"), pattern.at("Regex"));
  if (!pattern.has("String"))
    throw wrong(pattern.path, 'an object such as { "String": " " } or { "Regex": "\\\\s+" }', json.value("pattern"));
  const characters = Array.from(
    pattern.string("String"),
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return new RegExp(characters.join(""), "gu");
}
