import { expect, test } from "vitest";

import { refusal } from "../test/models.ts";
import { assemble } from "./assemble.ts";
import { diagram } from "./diagram.ts";
import { vit } from "./image/presets.ts";
import { rnnEncoderDecoder, rnnSearch } from "./recurrent/presets.ts";
import { toTypeScript } from "./to-typescript.ts";

const recurrent = { sourceVocabulary: 5, vocabulary: 5, width: 4, hidden: 4 };
const image = vit({ image: [4, 4], patch: [2, 2], width: 4, layers: 1, heads: 2 });

test.each([rnnEncoderDecoder(recurrent), rnnSearch(recurrent)])("code is not written for $kind", (spec) => {
  expect(refusal(() => toTypeScript(spec))).toBe(
    "ConfigError: toTypeScript: it shows decoders, encoders, encoder–decoders, and image encoders, and this is a recurrent translator; describe() lists its parts",
  );
});

test.each([
  [image, "an image encoder, of patches"],
  [rnnEncoderDecoder(recurrent), "a recurrent translator"],
  [rnnSearch(recurrent), "a recurrent translator"],
])("no picture is drawn of $kind", (spec, what) => {
  const said = [() => diagram(spec), () => diagram(assemble(spec as unknown))].map(refusal);
  const right = `ConfigError: diagram: it shows decoders, encoders, and encoder–decoders, and this is ${what}; describe() lists its parts`;
  expect(said).toEqual([right, right]);
});
