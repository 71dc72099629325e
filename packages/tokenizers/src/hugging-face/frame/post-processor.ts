import { type Json, isCount, refuse, wrong } from "../json.ts";
import { templateProcessing } from "./template.ts";
import { inserted, type Token } from "./token.ts";
import { trimOffsets } from "./trim-offsets.ts";

/** Frames one text or a pair of them with special tokens, and says which segment each token is in. */
export interface PostProcessor {
  /** `special` false leaves special tokens out and does all else. */
  process(sequences: readonly (readonly Token[])[], special: boolean): readonly (readonly Token[])[];
  /** The special tokens that it puts into a pair, in order; the text itself is `undefined`. */
  readonly frame: { readonly single: Frame; readonly pair: Frame };
}

/** The tokens around a text; `undefined` stands for the text. */
export type Frame = readonly (number | undefined)[];

/** What `post_processor` of tokenizer.json says. Throws `ConfigError` for a type that is not known, naming those that are. */
export function readPostProcessor(json: Json): PostProcessor {
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

const readers: Readonly<Record<string, (json: Json) => PostProcessor>> = {
  TemplateProcessing: templateProcessing,
  BertProcessing: bertProcessing,
  RobertaProcessing: robertaProcessing,
  ByteLevel: byteLevel,
  Sequence: (json) => {
    const steps = json.objects("processors").map(readPostProcessor);
    const framing = steps.filter(({ frame }) => frame.single.length > 1 || frame.pair.length > 2);
    if (framing.length > 1) {
      throw refuse(
        json.at("processors"),
        "has two that add special tokens",
        "the second would frame the frame of the first: keep one",
      );
    }
    return {
      process: (sequences, special) => steps.reduce((done, step) => step.process(done, special), sequences),
      frame: (framing[0] ?? none).frame,
    };
  },
};

/** Puts nothing around a text; the second of a pair is segment 1. */
export const none: PostProcessor = {
  process: (sequences) => sequences,
  frame: { single: [undefined], pair: [undefined, undefined] },
};

function byteLevel(json: Json): PostProcessor {
  const prefix = json.boolean("add_prefix_space", true);
  if (!json.boolean("trim_offsets", true)) return none;
  return { ...none, process: (sequences) => sequences.map((tokens) => trimOffsets(tokens, prefix)) };
}

/** `[CLS] a [SEP]` and `[CLS] a [SEP] b [SEP]`, the last two of segment 1. Devlin et al. (2019). */
function bertProcessing(json: Json): PostProcessor {
  const [begin, end] = [specialToken(json, "cls"), specialToken(json, "sep")];
  return {
    process([first, second], special) {
      if (!special) return second === undefined ? [first!] : [first!, second];
      const framed = [[begin(0)], first!, [end(0)]];
      return second === undefined ? framed : [...framed, second.map((token) => ({ ...token, segment: 1 })), [end(1)]];
    },
    frame: {
      single: [begin(0).id, undefined, end(0).id],
      pair: [begin(0).id, undefined, end(0).id, undefined, end(0).id],
    },
  };
}

/** `<s> a </s>` and `<s> a </s></s> b </s>`, all of one segment. RoBERTa (Liu et al., 2019). */
function robertaProcessing(json: Json): PostProcessor {
  const [begin, end] = [specialToken(json, "cls"), specialToken(json, "sep")];
  const [trim, prefix] = [json.boolean("trim_offsets", true), json.boolean("add_prefix_space", true)];
  return {
    process(sequences, special) {
      const [first, second] = sequences.map((tokens) =>
        (trim ? trimOffsets(tokens, prefix) : tokens).map((token) => ({ ...token, segment: 0 })),
      );
      if (!special) return second === undefined ? [first!] : [first!, second];
      const framed = [[begin(0)], first!, [end(0)]];
      return second === undefined ? framed : [...framed, [end(0)], second, [end(0)]];
    },
    frame: {
      single: [begin(0).id, undefined, end(0).id],
      pair: [begin(0).id, undefined, end(0).id, end(0).id, undefined, end(0).id],
    },
  };
}

function specialToken(json: Json, key: string): (segment: number) => Token {
  const value = json.value(key);
  const [text, id] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
  if (typeof text !== "string" || !isCount(id)) throw wrong(json.at(key), 'a list such as ["[SEP]", 102]', value);
  return (segment) => inserted(id, text, segment);
}
