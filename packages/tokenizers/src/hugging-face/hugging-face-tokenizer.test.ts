import { ConfigError } from "@tenon/tensor";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fuzzString, SmallRandom } from "../../test/fuzz-strings.ts";
import { loadTokenizer } from "../load.ts";
import { tokenPieces } from "../token-pieces.ts";
import { huggingFaceTokenizer, type HuggingFaceTokenizer } from "./hugging-face-tokenizer.ts";

const folder = new URL("../../goldens/hugging-face/", import.meta.url);
const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Record<string, unknown>;
const load = (name: string, config?: object): HuggingFaceTokenizer => huggingFaceTokenizer(read(name), config);
const types = readdirSync(folder)
  .filter((name) => !/golden|limits|patterns/.test(name))
  .map((name) => name.replace(".json", ""));

test("roles are those that tokenizer.json shows, and those that a config names", () => {
  const bert = load("bert-uncased");
  expect(Object.keys(bert.special).sort()).toEqual(["classification", "separator", "unknown"]);
  expect(bert.token(bert.special["classification"]!)).toBe("[CLS]");
  expect(bert.token(bert.special["separator"]!)).toBe("[SEP]");
  const named = load("bert-uncased", { mask_token: "[MASK]", pad_token: { content: "[PAD]" }, bos_token: null });
  expect(named.special["mask"]).toBe(named.id("[MASK]"));
  expect(named.special["pad"]).toBe(named.id("[PAD]"));
  expect(named.special["begin"]).toBeUndefined();
  const llama = load("llama2");
  expect(llama.special).toEqual({ unknown: llama.id("<unk>"), begin: llama.id("<s>") });
  const t5 = load("t5", { eos_token: "</s>", unk_token: "<unk>", pad_token: "<pad>" });
  expect(t5.special).toEqual({ unknown: 2, end: 1, pad: 0 });
});

test("a frame that closes each text of a pair with the same token is a classifier's, another begins and ends texts", () => {
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const [first, second] = ["A", "B"].map((id) => ({ Sequence: { id, type_id: 0 } }));
  const rolesOf = (...pair: unknown[]) => {
    const single = [special("<"), first, special(">")];
    const tokens = { "<": { ids: [0], tokens: ["<"] }, ">": { ids: [1], tokens: [">"] } };
    const post_processor = { type: "TemplateProcessing", single, pair, special_tokens: tokens };
    return huggingFaceTokenizer({
      version: "1.0",
      model: { type: "WordLevel", vocab: { "<": 0, ">": 1 } },
      post_processor,
    }).special;
  };
  expect(rolesOf(special("<"), first, special(">"), second, special(">"))).toEqual({ classification: 0, separator: 1 });
  expect(rolesOf(special("<"), first, special("<"), second, special(">"))).toEqual({ begin: 0, end: 1 });
  expect(rolesOf(first, second)).toEqual({ begin: 0, end: 1 });
});

test("a config that names what is no token is refused", () => {
  expect(() => load("gpt2", { pad_token: "[PAD]" })).toThrow(ConfigError);
  expect(() => load("gpt2", { pad_token: "[PAD]" })).toThrow(
    'pad_token of the config is "[PAD]", which is no token of tokenizer.json; add it to added_tokens there, or leave it out of the config',
  );
  expect(() => load("gpt2", { pad_token: 3 })).toThrow(
    'pad_token of the config is a token such as "[PAD]", got the number 3',
  );
  expect(() => huggingFaceTokenizer(read("gpt2"), "x")).toThrow(
    'the config of a tokenizer is an object, got the string "x"',
  );
});

test("encode gives the text alone, and encoding its frame, segments and mask", () => {
  const bert = load("bert-uncased");
  const ids = bert.encode("The cat");
  const [begin, end] = [bert.special["classification"]!, bert.special["separator"]!];
  const one = bert.encoding("The cat");
  expect(one.ids).toEqual([begin, ...ids, end]);
  expect(one.mask.every(Boolean)).toBe(true);
  const pair = bert.encoding(["The cat", "the"]);
  expect(pair.segmentIds).toEqual([0, ...ids.map(() => 0), 0, 1, 1]);
  expect(pair.sources).toEqual([undefined, ...ids.map(() => 0), undefined, 1, undefined]);
  expect(bert.encoding("The cat", { special: false }).ids).toEqual(ids);
});

test("offsets slice the text, also where it was normalised and has characters of two units", () => {
  const text = "😀 Thé CAT";
  const { ids, offsets } = load("bert-uncased").encoding(text, { special: false });
  const slices = offsets.map(([begin, end]) => text.slice(begin, end));
  expect(slices.join("")).toBe("😀ThéCAT");
  expect(ids).toHaveLength(slices.length);
});

test.each(types)("%s decodes as it streams, and never splits a character", (type) => {
  const tokenizer = load(type);
  const random = new SmallRandom(5);
  for (let round = 0; round < 150; round++) {
    const ids =
      round % 2 === 0
        ? tokenizer.encode(fuzzString(round))
        : Array.from({ length: 12 }, () => random.below(tokenizer.size));
    for (const skipSpecial of [false, true]) {
      const decoder = tokenizer.decoder([], { skipSpecial });
      const parts = [...ids.map((id) => decoder.push(id)), decoder.end()];
      expect(parts.join("")).toBe(tokenizer.decode(ids, { skipSpecial }));
      for (const part of parts) expect(part.isWellFormed()).toBe(true);
      // It starts afresh.
      expect([...ids.map((id) => decoder.push(id)), decoder.end()]).toEqual(parts);
      const cut = Math.floor(ids.length / 2);
      const rest = tokenizer.decoder(ids.slice(0, cut), { skipSpecial });
      expect([...ids.slice(cut).map((id) => rest.push(id)), rest.end()].join("")).toBe(parts.slice(cut).join(""));
    }
  }
});

test("text streams as soon as it is certain", () => {
  const push = (type: string, text: string) => {
    const tokenizer = load(type);
    const decoder = tokenizer.decoder();
    return [...tokenizer.encode(text).map((id) => decoder.push(id)), decoder.end()].filter((part) => part !== "");
  };
  expect(push("gpt2", "the 𠀀").slice(-1)).toEqual(["𠀀"]);
  expect(push("llama2", "the cat").length).toBeGreaterThan(1);
  expect(push("mistral", "the cat")[0]).toMatch(/^t/);
  expect(push("bert-uncased", "the cat").slice(0, 2)).toEqual(["the", " cat"]);
  expect(push("llama2", "a 𠀀!").slice(-1)).toEqual(["𠀀!"]);
});

const steady = types.filter((type) => type !== "clip" && type !== "prefixed");

test.each(steady)("the pieces of %s, one after another, are the text that follows a text", (type) => {
  const tokenizer = load(type);
  const pieces = tokenPieces(tokenizer);
  const plain = pieces.flatMap((piece, id) => (piece === undefined ? [] : id));
  expect(pieces).toHaveLength(tokenizer.size);
  expect(plain.length).toBeGreaterThan(tokenizer.size - 12);
  const before = tokenizer.encode("the");
  const random = new SmallRandom(6);
  for (let round = 0; round < 200; round++) {
    const ids = Array.from({ length: 6 }, () => random.oneOf(plain));
    const bytes = ids
      .map((id) => pieces[id]!)
      .flatMap((piece) => [...(typeof piece === "string" ? new TextEncoder().encode(piece) : piece)]);
    const expected = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
    if (expected.includes("\ufffd")) continue; // bytes that are no text become U+FFFD in one way or the other
    const decoder = tokenizer.decoder(before);
    const text = [...ids.map((id) => decoder.push(id)), decoder.end()].join("");
    expect(text).toBe(expected);
  }
});

test("where a token writes by its neighbours, the list of pieces is refused by the name of the step", () => {
  expect(() => tokenPieces(load("clip"))).toThrow(
    "decoder of tokenizer.json is a BPEDecoder that makes what a token writes depend on its neighbours; make the list of pieces yourself",
  );
});

test("words are told from marks and special tokens", () => {
  const words = (type: string, tokens: readonly string[]) => {
    const tokenizer = load(type);
    return tokens.map((token) => tokenizer.isWord(tokenizer.id(token)!));
  };
  expect(words("gpt2", ["Ġthe", "t", "ł", "Ċ", "!", "<|endoftext|>", "Added Token"])).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    true,
  ]);
  expect(words("bert-uncased", ["the", "##s", ".", "[MASK]"])).toEqual([true, true, false, false]);
  expect(words("llama2", ["▁the", "▁", "<0xE2>", ".", "<s>"])).toEqual([true, false, true, false, false]);
});

test.each(types)("%s survives JSON, with its roles", (type) => {
  const tokenizer = load(type, type === "roberta" ? { mask_token: "<mask>" } : undefined);
  const loaded = loadTokenizer(JSON.parse(JSON.stringify(tokenizer)));
  expect(loaded.kind).toBe("hugging-face");
  expect(loaded.size).toBe(tokenizer.size);
  expect(loaded.special).toEqual(tokenizer.special);
  for (let index = 0; index < 20; index++)
    expect(loaded.encode(fuzzString(index))).toEqual(tokenizer.encode(fuzzString(index)));
});

test("ids and options that are not are refused", () => {
  const tokenizer = load("gpt2");
  expect(() => tokenizer.decode([tokenizer.size])).toThrow(
    `no token has the id ${tokenizer.size}; ids run from 0 to ${tokenizer.size - 1}`,
  );
  expect(() => tokenizer.token(0.5)).toThrow(ConfigError);
  expect(() => tokenizer.isWord(-1)).toThrow(ConfigError);
  expect(() => tokenizer.encode(3 as unknown as string)).toThrow("a text is a string, got the number 3");
  expect(() => tokenizer.encoding([] as unknown as string)).toThrow(
    "an encoding is of one text or a pair of texts, got 0",
  );
  expect(() => tokenizer.encoding("a", { maximum: 3 } as object)).toThrow(
    'encoding knows the keys special, truncate, pad; got "maximum"',
  );
  expect(() => tokenizer.decode([], { special: false } as object)).toThrow(
    'decoder knows the keys skipSpecial; got "special"',
  );
  expect(() => tokenizer.encoding("a", { pad: true })).toThrow(
    "pad does what padding of tokenizer.json says, but it says nothing; leave the option out",
  );
  expect(() => tokenizer.encoding("a", { truncate: true })).toThrow(
    "truncate does what truncation of tokenizer.json says, but it says nothing",
  );
});

test("a token of the model that a config names is found as a whole, and keeps its role in JSON", () => {
  const tokenizer = load("bert-uncased", { eos_token: "the" });
  const the = tokenizer.id("the")!;
  expect(tokenizer.special["end"]).toBe(the);
  expect(tokenizer.isSpecial(the)).toBe(true);
  expect(tokenizer.encode("theme")[0]).toBe(the);
  const { added_tokens: added } = tokenizer.toJSON();
  expect(added).toContainEqual(expect.objectContaining({ id: the, content: "the", special: true, roles: ["end"] }));
});

test("long runs of spaces, marks and letters take no quadratic time", { timeout: 15_000 }, () => {
  const bert = load("bert-uncased");
  expect(bert.encode(`${" ".repeat(200_000)}[MASK]`)).toEqual([bert.id("[MASK]")]);
  expect(bert.encode(`e${"\u0301\u0323".repeat(100_000)}`)).toEqual(bert.encode("e"));
  expect(load("qwen").encode(`a${"\u0323\u0301".repeat(20_000)}`).length).toBeGreaterThan(20_000);
  expect(load("mistral").encode("ab".repeat(50_000)).length).toBeGreaterThan(1000);
});

test("half a surrogate pair is read as U+FFFD", () => {
  const tokenizer = load("gpt2");
  expect(tokenizer.encode("a\ud800b")).toEqual(tokenizer.encode("a\ufffdb"));
});
