import { ConfigError } from "@tenon/tensor";
import { type Json, isCount, refuse, wrong } from "../json.ts";
import type { Frame, PostProcessor } from "./post-processor.ts";
import { inserted, type Token } from "./token.ts";

/** A place in a template: a text, or special tokens, and their segment. */
type Place = { readonly sequence: 0 | 1; readonly segment: number } | { readonly tokens: readonly Token[] };

/** Frames a text as a template says, such as `[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1`. */
export function templateProcessing(json: Json): PostProcessor {
  const special = json.object("special_tokens");
  const single = readTemplate(json, "single", special);
  const pair = readTemplate(json, "pair", special);
  const sources = (template: readonly Place[]) =>
    template.flatMap((place) => ("sequence" in place ? place.sequence : []));
  if (sources(single).join() !== "0")
    throw wrong(json.at("single"), "a template with $A, and that once", json.value("single"));
  if (sources(pair).sort().join() !== "0,1") {
    throw wrong(json.at("pair"), "a template with $A and $B, each once", json.value("pair"));
  }
  return {
    process(sequences, withSpecial) {
      if (sequences.length > 2) {
        throw new ConfigError(
          "a template frames one text or two; an earlier post-processor has made more parts of them",
          {
            parts: sequences.length,
          },
        );
      }
      return (sequences.length === 2 ? pair : single).flatMap((place) => {
        if ("tokens" in place) return withSpecial ? [place.tokens] : [];
        return [sequences[place.sequence]!.map((token) => ({ ...token, segment: place.segment }))];
      });
    },
    frame: { single: frameOf(single), pair: frameOf(pair) },
  };
}

function frameOf(template: readonly Place[]): Frame {
  return template.flatMap((place) => ("tokens" in place ? place.tokens.map(({ id }) => id) : [undefined]));
}

function readTemplate(json: Json, key: string, special: Json): Place[] {
  return json.objects(key).map((place): Place => {
    if (place.has("Sequence")) {
      const sequence = place.object("Sequence");
      return { sequence: sequence.oneOf("id", ["A", "B"]) === "A" ? 0 : 1, segment: sequence.count("type_id") };
    }
    if (!place.has("SpecialToken")) {
      throw wrong(place.path, 'an object with "Sequence" or "SpecialToken"', json.value(key));
    }
    const token = place.object("SpecialToken");
    const name = token.string("id");
    const segment = token.count("type_id");
    if (!special.has(name)) {
      throw refuse(token.at("id"), `is ${JSON.stringify(name)}`, `${special.path} has no such token`);
    }
    const entry = special.object(name);
    const texts = entry.list("tokens");
    const ids = entry.list("ids");
    if (texts.length !== ids.length)
      throw wrong(entry.at("tokens"), `a list of ${ids.length} texts, one for each id`, texts);
    return {
      tokens: ids.map((id, index) => {
        const text = texts[index];
        if (!isCount(id)) throw wrong(`${entry.at("ids")}[${index}]`, "an id", id);
        if (typeof text !== "string") throw wrong(`${entry.at("tokens")}[${index}]`, "a string", text);
        return inserted(id, text, segment);
      }),
    };
  });
}
