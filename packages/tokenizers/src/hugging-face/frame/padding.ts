import type { Json } from "../json.ts";
import { inserted, type Token } from "./token.ts";

/** Brings encodings to one length. */
export interface Padding {
  readonly id: number;
  readonly token: string;
  pad(encodings: readonly (readonly Token[])[]): readonly (readonly Token[])[];
}

/** What `padding` of tokenizer.json says: to a fixed length or the longest of the batch, rounded up, on the left or right. */
export function readPadding(json: Json): Padding {
  const fixed = json.value("strategy") === "BatchLongest" ? undefined : json.object("strategy").count("Fixed");
  const left = json.oneOf("direction", ["Left", "Right"]) === "Left";
  const multiple = json.has("pad_to_multiple_of") ? json.count("pad_to_multiple_of") : 0;
  const [id, segment, token] = [json.count("pad_id"), json.count("pad_type_id"), json.string("pad_token")];
  return {
    id,
    token,
    pad(encodings) {
      const longest = fixed ?? encodings.reduce((most, { length }) => Math.max(most, length), 0);
      const length = multiple > 0 ? Math.ceil(longest / multiple) * multiple : longest;
      return encodings.map((tokens) => {
        const filling = Array.from({ length: Math.max(0, length - tokens.length) }, () =>
          inserted(id, token, segment, true),
        );
        return left ? [...filling, ...tokens] : [...tokens, ...filling];
      });
    },
  };
}
