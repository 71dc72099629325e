import { type Json, refuse } from "../json.ts";
import { readPattern } from "../split/pattern.ts";
import { byteFallback, byteLevel } from "./bytes.ts";
import { chain, type MakeStep, perToken, whole } from "./step.ts";
import { readStrip, stripEach, stripWhole } from "./strip.ts";
import { cleanUp, writeWordPiece } from "./word-piece.ts";

/** What `decoder` of tokenizer.json says. Throws `ConfigError` for a type that is not known, naming those that are. */
export function readDecoder(json: Json): MakeStep {
  const steps = read(json).list;
  return () => chain(steps.map((make) => make()));
}

/** Without a decoder, tokens are words. */
export const spaced: MakeStep = perToken((token, first) => (first ? token : ` ${token}`));

/** Steps, and whether they have joined all tokens to one: what follows then sees the text, not tokens. */
interface Steps {
  readonly list: readonly MakeStep[];
  readonly fused: boolean;
}

function read(json: Json, fused = false): Steps {
  const type = json.string("type");
  if (type === "Sequence") {
    const start: Steps = { list: [], fused };
    return json.objects("decoders").reduce((done, step) => {
      const next = read(step, done.fused);
      return { list: [...done.list, ...next.list], fused: next.fused };
    }, start);
  }
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (reader === undefined) {
    const known = ["Sequence", ...Object.keys(readers)].join(", ");
    throw refuse(json.at("type"), `is ${JSON.stringify(type)}`, `this release knows ${known}`);
  }
  const step = reader(json, fused);
  return { list: step === undefined ? [] : [step], fused: fused || type === "Fuse" || type === "ByteLevel" };
}

/** A step on one fused text is what the step does to a single token, said when the text is over; some can say it sooner. */
function onFused(make: MakeStep): MakeStep {
  return whole((text) => {
    const step = make();
    return [...step.push(text), ...step.end()].join("");
  });
}

const readers: Readonly<Record<string, (json: Json, fused: boolean) => MakeStep | undefined>> = {
  ByteLevel: (_, fused) => (fused ? onFused(byteLevel) : byteLevel),
  ByteFallback: (_, fused) => (fused ? onFused(byteFallback) : byteFallback),
  Fuse: () => undefined,
  Strip: (json, fused) => (fused ? stripWhole(readStrip(json)) : stripEach(readStrip(json))),
  Replace(json, fused) {
    const [pattern, content] = [readPattern(json), json.string("content")];
    const replace = perToken((token) => token.replaceAll(pattern, () => content));
    const text = json.object("pattern").value("String");
    // One character is found wherever a text is cut.
    return fused && !(typeof text === "string" && [...text].length === 1) ? onFused(replace) : replace;
  },
  WordPiece(json, fused) {
    const [prefix, clean] = [json.string("prefix", "##"), json.boolean("cleanup", true)];
    const step = perToken((token, first) => writeWordPiece(token, first, prefix, clean));
    return fused ? onFused(step) : step;
  },
  Metaspace(json, fused) {
    const replacement = json.character("replacement");
    const drops =
      json.oneOf(
        "prepend_scheme",
        ["first", "never", "always"],
        json.boolean("add_prefix_space", true) ? "always" : "never",
      ) !== "never";
    const step = perToken((token, first) => token.replaceAll(replacement, first && drops ? "" : " "));
    return fused ? onFused(step) : step;
  },
  BPEDecoder(json, fused) {
    const step = bpeDecoder(json.string("suffix", "</w>"));
    return fused ? onFused(step) : step;
  },
  CTC(json, fused) {
    const step = ctc(json.string("pad_token"), json.string("word_delimiter_token"), json.boolean("cleanup"));
    return fused ? onFused(step) : step;
  },
};

/** The suffix that ends a word becomes a space, but none after the last word; so the last token waits for the next. */
function bpeDecoder(suffix: string): MakeStep {
  return () => {
    let last: string | undefined;
    const give = (space: string) => (last === undefined ? [] : [suffix === "" ? last : last.replaceAll(suffix, space)]);
    return {
      push(token) {
        const given = give(" ");
        last = token;
        return given;
      },
      end() {
        const given = give("");
        last = undefined;
        return given;
      },
    };
  };
}

/** Connectionist Temporal Classification (Graves et al., 2006): a token that repeats counts once, and the blank is nothing. */
function ctc(blank: string, delimiter: string, clean: boolean): MakeStep {
  return () => {
    let last: string | undefined;
    return {
      push(token) {
        if (token === last) return [];
        last = token;
        const text = blank === "" ? token : token.replaceAll(blank, "");
        const written = clean ? cleanUp(text).replaceAll(delimiter, " ") : text;
        return written === "" ? [] : [written];
      },
      end() {
        last = undefined;
        return [];
      },
    };
  };
}
