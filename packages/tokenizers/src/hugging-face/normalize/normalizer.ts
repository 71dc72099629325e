import type { AlignedText } from "../align/aligned-text.ts";
import { unicodeForm } from "../align/unicode-form.ts";
import { type Json, refuse } from "../json.ts";
import { toByteCharacters } from "../split/byte-alphabet.ts";
import { readPattern } from "../split/pattern.ts";
import { bertNormalizer } from "./bert.ts";
import { lowercase } from "./lowercase.ts";
import { precompiled } from "./precompiled.ts";

/** Rewrites a text before it is cut, and keeps where each character stood. */
export type Normalizer = (text: AlignedText) => AlignedText;

/** What `normalizer` of tokenizer.json says. Throws `ConfigError` for a type that is not known, naming those that are. */
export function readNormalizer(json: Json): Normalizer {
  const type = json.string("type");
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (read === undefined) {
    throw refuse(
      json.at("type"),
      `is ${JSON.stringify(type)}`,
      `this release knows ${Object.keys(readers).join(", ")}`,
    );
  }
  return read(json);
}

const readers: Readonly<Record<string, (json: Json) => Normalizer>> = {
  Sequence: (json) => {
    const steps = json.objects("normalizers").map(readNormalizer);
    return (text) => steps.reduce((done, step) => step(done), text);
  },
  NFC: () => (text) => unicodeForm(text, "NFC"),
  NFD: () => (text) => unicodeForm(text, "NFD"),
  NFKC: () => (text) => unicodeForm(text, "NFKC"),
  NFKD: () => (text) => unicodeForm(text, "NFKD"),
  Lowercase: () => lowercase,
  StripAccents: () => (text) => text.filter((character) => !/\p{M}/u.test(character)),
  Strip: strip,
  Replace: (json) => {
    const [pattern, content] = [readPattern(json), json.string("content")];
    return (text) => text.replace(ranges(text.text, pattern), content);
  },
  Prepend: (json) => {
    const prefix = json.string("prepend");
    return (text) => text.prepend(prefix);
  },
  BertNormalizer: bertNormalizer,
  ByteLevel: () => (text) => text.map(toByteCharacters),
  Nmt: () => nmt,
  Precompiled: precompiled,
};

function* ranges(text: string, pattern: RegExp): Generator<[number, number]> {
  for (const match of text.matchAll(pattern)) yield [match.index, match.index + match[0].length];
}

function strip(json: Json): Normalizer {
  const [left, right] = [json.boolean("strip_left"), json.boolean("strip_right")];
  return (text) => {
    const begin = left ? /^\p{White_Space}*/u.exec(text.text)![0].length : 0;
    let end = text.length;
    if (right) while (end > begin && /\p{White_Space}/u.test(text.text[end - 1]!)) end--;
    return begin === 0 && end === text.length ? text : text.keep(begin, end);
  };
}

/** The clean-up of the first machine translators at Google: control characters go, odd spaces become plain ones. */
const nmt: Normalizer = (text) =>
  text
    .filter((character) => {
      const code = character.charCodeAt(0);
      const control = (code > 0 && code < 0x20) || code === 0x7f || code === 0x8f || code === 0x9f;
      return !control || "\t\n\f\r".includes(character);
    })
    .map((character) =>
      /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/u.test(character) ? " " : character,
    );
