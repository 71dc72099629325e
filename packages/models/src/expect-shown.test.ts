import { expect, test } from "vitest";

import { refusal } from "../test/models.ts";
import { assemble } from "./assemble.ts";
import { diagram } from "./diagram.ts";
import { vit } from "./image/presets.ts";
import { rnnEncoderDecoder, rnnSearch } from "./recurrent/presets.ts";
import { toTypeScript } from "./to-typescript.ts";

const recurrent = { sourceVocabulary: 5, vocabulary: 5, width: 4, hidden: 4 };
const image = vit({ image: [4, 4], patch: [2, 2], width: 4, layers: 1, heads: 2 });

const all = "it shows decoders, encoders, and encoder–decoders";

test.each([
  [image, "an image encoder, of patches"],
  [rnnEncoderDecoder(recurrent), "a recurrent translator"],
  [rnnSearch(recurrent), "a recurrent translator"],
])("what shows models refuses $kind", (spec, what) => {
  const said = [() => toTypeScript(spec), () => diagram(spec), () => diagram(assemble(spec as unknown))].map(refusal);
  expect(said).toEqual(
    ["toTypeScript", "diagram", "diagram"].map(
      (name) => `ConfigError: ${name}: ${all}, and this is ${what}; describe() lists its parts`,
    ),
  );
});
