import type { AlignedText } from "../align/aligned-text.ts";
import { unicodeForm } from "../align/unicode-form.ts";
import type { Json } from "../json.ts";
import { lowercase } from "./lowercase.ts";

/**
 * The clean-up of BERT: control characters go, all space becomes U+0020, each Chinese character stands alone, accents go, capitals become small.
 *
 * BERT: Pre-training of Deep Bidirectional Transformers (Devlin et al., 2019), its BasicTokenizer.
 */
export function bertNormalizer(json: Json): (text: AlignedText) => AlignedText {
  const clean = json.boolean("clean_text", true);
  const chinese = json.boolean("handle_chinese_chars", true);
  const small = json.boolean("lowercase", true);
  const plain = json.has("strip_accents") ? json.boolean("strip_accents") : small;
  return (text) => {
    let done = text;
    if (clean) done = done.filter((character) => !control.test(character)).map((one) => (space.test(one) ? " " : one));
    if (chinese) done = done.map((character) => (ideograph.test(character) ? ` ${character} ` : character));
    if (plain) done = unicodeForm(done, "NFD").filter((character) => !/\p{Mn}/u.test(character));
    return small ? lowercase(done) : done;
  };
}

const space = /\p{White_Space}/u;
const control = /[\ufffd\p{Cf}\p{Co}]|(?![\t\n\r])\p{Cc}/u;
/** The blocks of CJK Unified Ideographs that BERT names; later ones are letters to it, and U+2B820 to U+2B91F are missing there. */
const ideograph =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/u;
