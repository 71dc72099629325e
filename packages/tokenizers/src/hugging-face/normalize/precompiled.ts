import type { AlignedText, Change } from "../align/aligned-text.ts";
import { type Json, wrong } from "../json.ts";

/**
 * The normaliser that SentencePiece compiles into a model: a table from characters, or short clusters of them, to what replaces them.
 *
 * `precompiled_charsmap` is base64 of the size of a double-array trie, the trie, and the replacements, each ended by a zero byte; the trie maps
 * the UTF-8 of what is replaced to where its replacement begins. A cluster of up to 5 bytes is looked up whole, then its characters one by one.
 *
 * SentencePiece (Kudo & Richardson, 2018); the trie is that of darts-clone (Yata, 2008).
 */
export function precompiled(json: Json): (text: AlignedText) => AlignedText {
  const path = json.at("precompiled_charsmap");
  const replacement = readTable(json.string("precompiled_charsmap"), path);
  const clusters = new Intl.Segmenter("und", { granularity: "grapheme" });
  return (text) => {
    const changes: Change[] = [];
    for (const { segment } of clusters.segment(text.text)) {
      const whole = utf8Length(segment) < 6 ? replacement(segment) : undefined;
      if (whole !== undefined) {
        replace(changes, segment, whole);
        continue;
      }
      for (const character of segment) {
        const other = replacement(character);
        if (other === undefined) changes.push([character, 0]);
        else replace(changes, character, other);
      }
    }
    return text.transform(changes);
  };
}

/**
 * Appends a replacement. Where it is shorter, the last change swallows the characters left over: that may be the change before it, as in the
 * reference, which loses what is removed at the very start and shifts the spans of the rest.
 */
function replace(changes: Change[], old: string, replacement: string): void {
  const characters = [...replacement];
  const more = characters.length - [...old].length;
  for (const [index, character] of characters.entries())
    changes.push([character, index >= characters.length - more ? 1 : 0]);
  const last = changes.at(-1);
  if (more < 0 && last !== undefined) changes[changes.length - 1] = [last[0], last[1] + more];
}

function readTable(encoded: string, path: string): (key: string) => string | undefined {
  const bytes = fromBase64(encoded, path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.length >= 4 ? view.getUint32(0, true) : -1;
  if (size < 0 || size % 4 !== 0 || 4 + size > bytes.length) {
    throw wrong(path, "base64 of a table that begins with the size of its trie", encoded);
  }
  const unit = (index: number): number | undefined =>
    4 * index < size ? view.getUint32(4 + 4 * index, true) : undefined;
  const texts = bytes.subarray(4 + size);
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const known = new Map<string, string | undefined>();
  const find = (key: string): string | undefined => {
    const begin = shortestPrefix(encoder.encode(key), unit);
    if (begin === undefined || begin > texts.length) return undefined;
    const end = texts.indexOf(0, begin);
    return decoder.decode(texts.subarray(begin, end < 0 ? texts.length : end));
  };
  return (key) => {
    if (!known.has(key)) {
      if (known.size > 10_000) known.clear();
      known.set(key, find(key));
    }
    return known.get(key);
  };
}

/** The value of the shortest key in the trie that `key` begins with. A unit holds a label, a jump and whether a value follows. */
function shortestPrefix(key: Uint8Array, unit: (index: number) => number | undefined): number | undefined {
  const jump = (one: number) => (one >>> 10) << ((one & 0x200) >>> 6);
  const root = unit(0);
  if (root === undefined) return undefined;
  let node = jump(root);
  for (const byte of key) {
    if (byte === 0) return undefined;
    node ^= byte;
    const one = unit(node);
    if (one === undefined || (one & 0x8000_00ff) !== byte) return undefined;
    node ^= jump(one);
    const value = unit(node);
    if ((one & 0x100) !== 0) return value === undefined ? undefined : value & 0x7fff_ffff;
  }
  return undefined;
}

function fromBase64(encoded: string, path: string): Uint8Array {
  try {
    return Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  } catch {
    throw wrong(path, "base64", encoded);
  }
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
