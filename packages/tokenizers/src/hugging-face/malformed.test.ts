import { ConfigError } from "@tenon/tensor";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fuzzString, SmallRandom } from "../../test/fuzz-strings.ts";
import { huggingFaceTokenizer } from "./hugging-face-tokenizer.ts";

const folder = new URL("../../goldens/hugging-face/", import.meta.url);
const types = readdirSync(folder).filter((name) => !/golden|limits|patterns/.test(name));

const model = { type: "WordLevel", vocab: { "[UNK]": 0, a: 1, b: 2 }, unk_token: "[UNK]" };
const good = { version: "1.0", model };
const bpe = { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: [["a", "b"]] };
const split = (Regex: string) => ({
  ...good,
  pre_tokenizer: { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false },
});
const added = (...added_tokens: object[]) => ({ ...good, added_tokens });
const deep = (levels: number): object =>
  levels === 0 ? { type: "NFC" } : { type: "Sequence", normalizers: [deep(levels - 1)] };

test("what they are made from is sound", () => {
  for (const sound of [
    good,
    { ...good, model: bpe },
    split("a+"),
    added({ id: 3, content: "c" }),
    { ...good, normalizer: deep(20) },
  ]) {
    expect(huggingFaceTokenizer(sound).size).toBeGreaterThan(2);
  }
});

test.each<[object, string]>([
  [{ model }, 'version of tokenizer.json is "1.0", the only version there is; got nothing'],
  [{ version: "1.0" }, "model of tokenizer.json is an object; got nothing"],
  [
    { ...good, model: { ...model, type: "LSTM" } },
    'model.type of tokenizer.json is "LSTM"; this release knows BPE, WordPiece, WordLevel, Unigram',
  ],
  [
    { ...good, model: { ...model, vocab: { a: 0, b: 0 } } },
    'model.vocab["b"] of tokenizer.json is an id of its own, but "a" has it too; got the number 0',
  ],
  [
    { ...good, model: { ...model, vocab: { a: -1 } } },
    'model.vocab["a"] of tokenizer.json is an id from 0 to 16777215; got the number -1',
  ],
  [{ ...good, model: { ...model, vocab: { a: 2 ** 31 } } }, "is an id from 0 to 16777215; got the number 2147483648"],
  [
    { ...good, model: { ...bpe, merges: ["a c"] } },
    'model.merges[0] of tokenizer.json speaks of "c"; the vocabulary has no such token',
  ],
  [
    { ...good, model: { ...bpe, merges: [["b", "a"]] } },
    'model.merges[0] of tokenizer.json speaks of "ba"; the vocabulary has no such token',
  ],
  [
    { ...good, model: { ...bpe, merges: ["a b c"] } },
    'model.merges[0] of tokenizer.json is a pair of tokens such as ["t", "he"]; got the string "a b c"',
  ],
  [
    { ...good, model: { ...bpe, dropout: 0.1 } },
    "model.dropout of tokenizer.json asks for merges left out at random; that is for training: set it to null",
  ],
  [
    {
      ...good,
      model: {
        type: "Unigram",
        vocab: [
          ["a", -1],
          ["a", -2],
        ],
        unk_id: 0,
      },
    },
    "model.vocab[1] of tokenizer.json is a token of its own, but the id 0 has it too",
  ],
  [
    { ...good, model: { type: "Unigram", vocab: [["a", -1]], unk_id: 3 } },
    "model.unk_id of tokenizer.json is an id below 1, the number of tokens; got the number 3",
  ],
  [
    { ...good, normalizer: { type: "NFX" } },
    'normalizer.type of tokenizer.json is "NFX"; this release knows Sequence, NFC',
  ],
  [
    { ...good, normalizer: { type: "constructor" } },
    'normalizer.type of tokenizer.json is "constructor"; this release knows',
  ],
  [
    { ...good, normalizer: { type: "Precompiled", precompiled_charsmap: "ÿ" } },
    "normalizer.precompiled_charsmap of tokenizer.json is base64; got",
  ],
  [
    { ...good, normalizer: { type: "Precompiled", precompiled_charsmap: "////////" } },
    "is base64 of a table that begins with the size of its trie; got",
  ],
  [
    { ...good, pre_tokenizer: { type: "UnicodeScripts" } },
    'pre_tokenizer.type of tokenizer.json is "UnicodeScripts"; this release knows Sequence, ByteLevel',
  ],
  [
    split("("),
    'pre_tokenizer.pattern.Regex of tokenizer.json is the regular expression "(", which has a ( that nothing closes; write it otherwise',
  ],
  [split("a)"), "which has a ) that closes nothing"],
  [split("[a"), "which has a [ that nothing closes"],
  [split("(?i)groß"), "which ignores the case of ß, which has no capital of one letter; write it otherwise"],
  [split("[a&&b]"), "which intersects classes with &&, which is not known here"],
  [split("+"), "which repeats nothing with +"],
  [split("[[:foo:]]"), "which has the class [:foo:], which is not known here"],
  [split("\\x{110000}"), "which has \\x without the number of a character"],
  [split("a\\"), "which ends too early"],
  [split("[z-a]"), "which does not compile in JavaScript"],
  [split("\\G"), "which has \\G, which is not known here"],
  [split("\\p{Foo}"), "which has the property Foo, which JavaScript does not know"],
  [split("(?<name>a)"), "which has a group (?<name>a)…, of a kind that is not known here"],
  [split("(".repeat(5000)), "which is nested too deeply"],
  [
    { ...good, decoder: { type: "Sequence", decoders: "all" } },
    'decoder.decoders of tokenizer.json is a list; got the string "all"',
  ],
  [
    { ...good, post_processor: { type: "BertProcessing", sep: ["[SEP]", 9], cls: ["[CLS]", 9] } },
    "post_processor of tokenizer.json puts the id 9 around texts; no token has it",
  ],
  [
    { ...good, truncation: { max_length: "10" } },
    'truncation.max_length of tokenizer.json is a whole number from 0 to 16777215; got the string "10"',
  ],
  [
    { ...good, padding: { strategy: "Longest" } },
    'padding.strategy of tokenizer.json is an object; got the string "Longest"',
  ],
  [
    added({ id: 4, content: "c" }),
    'added_tokens[0].id of tokenizer.json is 4, but "c" is the next token after 2 and is numbered 3; list the added tokens in the order',
  ],
  [
    added({ id: 2, content: "c" }),
    "added_tokens[0].id of tokenizer.json is an id of its own, but another token has it too; got the number 2",
  ],
  [
    added({ id: 2, content: "a" }),
    'added_tokens[0].id of tokenizer.json is 1, the id of "a" in the vocabulary; got the number 2',
  ],
  [added({ id: 3, content: "" }), "added_tokens[0].content of tokenizer.json is a text with something in it"],
  [
    added({ id: 3, content: "c" }, { id: 4, content: "c" }),
    "added_tokens[1].content of tokenizer.json is a text that no other added token has",
  ],
])("%j", (json, message) => {
  const make = () => huggingFaceTokenizer(json).encode("a");
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(message);
});

test("what goes on and on is refused before the stack overflows", () => {
  const make = () => huggingFaceTokenizer({ ...good, normalizer: deep(3000) });
  expect(make).toThrow(ConfigError);
  expect(make).toThrow("goes on and on into itself; no tokenizer is nested so deep");
});

test("every damage gives a tokenizer that works or a ConfigError", { timeout: 120_000 }, () => {
  const random = new SmallRandom(88);
  let refused = 0;
  for (const type of types) {
    const text = readFileSync(new URL(type, folder), "utf8");
    for (let round = 0; round < 60; round++) {
      const json: unknown = JSON.parse(text);
      damage(json, random);
      try {
        const tokenizer = huggingFaceTokenizer(json);
        for (let index = 200; index < 203; index++) {
          const { ids } = tokenizer.encoding([fuzzString(index), "a b"]);
          tokenizer.decode(ids);
        }
      } catch (error) {
        if (!(error instanceof ConfigError))
          throw new Error(`${type}, round ${round}: ${String(error)}`, { cause: error });
        refused++;
      }
    }
  }
  expect(refused).toBeGreaterThan((types.length * 60) / 3);
});

type Container = Record<string, unknown>;

/** Changes something at a random place: goes down from the root, and stops or goes on at each level. */
function damage(root: unknown, random: SmallRandom): void {
  let at = root as Container;
  for (;;) {
    const keys = Object.keys(at);
    if (keys.length === 0) return;
    const key = random.oneOf(keys);
    const value = at[key];
    if (typeof value === "object" && value !== null && random.below(4) > 0) {
      at = value as Container;
      continue;
    }
    if (random.below(4) === 0) {
      if (Array.isArray(at)) at.splice(Number(key), 1);
      else delete at[key];
      return;
    }
    const others = ["", "x", "(", "[a", 0, -1, 1.5, 1e9, 2 ** 40, null, true, [], {}, [1], { type: "x" }];
    at[key] = random.oneOf([...others, at[random.oneOf(keys)]]);
    if (typeof value === "string" && random.below(2) === 0)
      at[key] = value.slice(0, random.below(value.length + 1)) + random.oneOf(["(", "\\", "*", "x", "]"]);
    return;
  }
}
