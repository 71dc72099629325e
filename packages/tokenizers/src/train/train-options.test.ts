import { ConfigError } from "@tenon/tensor";
import { expect, test } from "vitest";
import { trainBytePairs } from "./byte-pairs.ts";
import type { Texts, TrainingProgress, TrainOptions } from "./train-options.ts";
import { trainUnigram } from "./unigram.ts";
import { trainWordPieces } from "./word-pieces.ts";

const trainers = { trainBytePairs, trainWordPieces, trainUnigram };
type Trainer = (texts: Texts, options: TrainOptions) => Promise<{ readonly added_tokens: readonly unknown[] }>;
const each: [name: string, train: Trainer][] = Object.entries(trainers);
const bad = (value: object): TrainOptions => ({ maximumSize: 400, ...value });

test.each(each)("%s refuses options that it does not know or that are out of range", async (name, train) => {
  const refusal = (options: unknown): Promise<unknown> =>
    train(["a"], options as TrainOptions).then(
      () => "accepted",
      (error: unknown) => (error instanceof ConfigError ? error.message : error),
    );
  expect(await refusal(bad({ size: 5 }))).toContain(
    `${name} knows the keys maximumSize, special, signal, onProgress, `,
  );
  expect(await refusal({})).toBe("maximumSize is a whole number from 1 to 16777216, got nothing");
  expect(await refusal({ maximumSize: 1e9 })).toBe(
    "maximumSize is a whole number from 1 to 16777216, got the number 1000000000",
  );
  expect(await refusal(undefined)).toBe(`${name} takes options such as { maximumSize: 8000 }; got nothing`);
  expect(await refusal(bad({ special: { unknown: "<u>", pad: "<u>" } }))).toBe(
    'special.unknown and special.pad are both "<u>"; each needs a text of its own',
  );
  expect(await refusal(bad({ onProgress: 1 }))).toBe("onProgress is a function, got the number 1");
  expect(await refusal(bad({ signal: {} }))).toBe("signal is an AbortSignal, got an object");
});

test.each([
  [trainBytePairs, { minimumCount: 0 }, "minimumCount is a whole number of 1 or more, got the number 0"],
  [trainBytePairs, { prefixSpace: 1 }, "prefixSpace is true or false, got the number 1"],
  [trainWordPieces, { minimumCount: 1.5 }, "minimumCount is a whole number of 1 or more, got the number 1.5"],
  [trainWordPieces, { maximumAlphabet: 0 }, "maximumAlphabet is a whole number of 1 or more, got the number 0"],
  [trainWordPieces, { lowercase: "no" }, 'lowercase is true or false, got the string "no"'],
  [trainWordPieces, { minimumCount: null }, "minimumCount is a whole number of 1 or more, got null"],
  [trainWordPieces, { prefix: null }, 'prefix is one or more characters such as "##", got null'],
  [trainUnigram, { special: null }, 'special is an object such as { mask: "[MASK]" }, got null'],
  [trainUnigram, { maximumAlphabet: 0 }, "maximumAlphabet is a whole number of 1 or more, got the number 0"],
  [trainUnigram, { maximumPieceLength: 0 }, "maximumPieceLength is a whole number of 1 or more, got the number 0"],
  [trainUnigram, { lowercase: null }, "lowercase is true or false, got null"],
] as [Trainer, object, string][])("%o refuses %o", async (train, options, message) => {
  await expect(train(["a"], bad(options))).rejects.toThrow(message);
});

test.each(each)("%s says what is wrong with the texts", async (_, train) => {
  const refusal = async (texts: unknown): Promise<void> => void (await train(texts as Texts, { maximumSize: 400 }));
  await expect(refusal([])).rejects.toThrow("a trainer needs texts with at least one word in them; no text came");
  await expect(refusal([""])).rejects.toThrow("at least one word in them; the 1 that came has none");
  await expect(refusal(["", ""])).rejects.toThrow("at least one word in them; the 2 that came have none");
  await expect(refusal(["a", "b", 5])).rejects.toThrow(
    "text 2 (the first is text 0) is the number 5; a trainer reads strings",
  );
  const stream = async function* (): AsyncGenerator {
    yield "a";
    yield null;
  };
  await expect(refusal(stream())).rejects.toThrow("text 1 (the first is text 0) is null");
  await expect(refusal("a b c")).rejects.toThrow("got one string: write [text]");
  await expect(refusal(5)).rejects.toThrow("texts is an iterable or async iterable of strings, got the number 5");
});

const shared = { special: undefined, signal: undefined, onProgress: undefined };
test.each([
  [trainBytePairs, { ...shared, minimumCount: undefined, prefixSpace: undefined }],
  [
    trainWordPieces,
    { ...shared, minimumCount: undefined, maximumAlphabet: undefined, lowercase: undefined, prefix: undefined },
  ],
  [trainUnigram, { ...shared, maximumAlphabet: undefined, maximumPieceLength: undefined, lowercase: undefined }],
] as [Trainer, object][])("%o takes an undefined option for an absent one", async (train, options) => {
  expect(await train(["ab ab"], bad(options))).toEqual(await train(["ab ab"], bad({})));
});

test.each(each)("%s takes half a surrogate pair for U+FFFD", async (_, train) => {
  const file = await train(["a\ud800 \ud800b"], { maximumSize: 400 });
  expect(file).toEqual(await train(["a\ufffd \ufffdb"], { maximumSize: 400 }));
});

test.each(each)("%s reports each phase to its end", async (name, train) => {
  const reports: TrainingProgress[] = [];
  await train(["low lower", "lowest low"], { maximumSize: 300, onProgress: (progress) => reports.push(progress) });
  const ends = reports.filter(({ phase }, index) => reports[index + 1]?.phase !== phase);
  expect(ends[0]).toEqual({ phase: "texts", done: 2 });
  expect(ends.map(({ phase }) => phase)).toEqual(["texts", name === "trainUnigram" ? "pieces" : "merges"]);
  expect(ends[1]!.done).toBeLessThanOrEqual(ends[1]!.total!);
});

test.each(each)("%s ends when it is aborted: before, while texts come, and later", async (_, train) => {
  const reason = new Error("enough");
  const unread = function* (): Generator<string> {
    yield expect.fail("the texts were read");
  };
  await expect(train(unread(), { maximumSize: 400, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);

  const early = new AbortController();
  const endless = function* (): Generator<string> {
    for (let text = 0; ; text++) yield `text ${text}`;
  };
  setTimeout(() => early.abort(reason), 20);
  await expect(train(endless(), { maximumSize: 400, signal: early.signal })).rejects.toBe(reason);

  const late = new AbortController();
  const onProgress = ({ phase }: TrainingProgress): void => {
    if (phase !== "texts") late.abort(reason);
  };
  await expect(train(["a b"], { maximumSize: 400, signal: late.signal, onProgress })).rejects.toBe(reason);
});
