import { byteOf } from "./decode/bytes.ts";
import type { Json } from "./json.ts";
import { bytesOf } from "./split/byte-alphabet.ts";

/**
 * Is a token a word or a piece of one? It is when what follows its marks (a space, `▁`, the prefix of pieces inside words) is a letter or digit,
 * and when it is bytes of an unfinished character.
 */
export function wordTest(root: Json): (token: string) => boolean {
  const model = root.object("model");
  const prefix = model.has("continuing_subword_prefix") ? model.string("continuing_subword_prefix") : "";
  const byteLevel = root.has("decoder") && speaksBytes(root.object("decoder"));
  return (token) => {
    let text = prefix !== "" && token.startsWith(prefix) ? token.slice(prefix.length) : token;
    if (byteOf(token) !== undefined) return true;
    if (byteLevel) {
      text = new TextDecoder().decode(bytesOf(token));
      if (text.startsWith("\ufffd")) return true;
    }
    return /^[\s\u2581]*[\p{L}\p{N}]/u.test(text);
  };
}

function speaksBytes(decoder: Json): boolean {
  const type = decoder.string("type");
  return type === "ByteLevel" || (type === "Sequence" && decoder.objects("decoders").some(speaksBytes));
}
