import { expect, test } from "vitest";

import { refusal } from "../test/models.ts";
import { assemble } from "./assemble.ts";
import { diagram } from "./diagram.ts";
import { rnnEncoderDecoder, rnnSearch } from "./recurrent/presets.ts";
import { toTypeScript } from "./to-typescript.ts";

const recurrent = { sourceVocabulary: 5, vocabulary: 5, width: 4, hidden: 4 };

test.each([rnnEncoderDecoder(recurrent), rnnSearch(recurrent)])("what shows models refuses $kind", (spec) => {
  const said = [() => toTypeScript(spec), () => diagram(spec), () => diagram(assemble(spec as unknown))].map(refusal);
  expect(said).toEqual(
    ["toTypeScript", "diagram", "diagram"].map(
      (name) =>
        `ConfigError: ${name}: it shows decoders, encoders, encoder–decoders, and image encoders, and this is a recurrent translator; describe() lists its parts`,
    ),
  );
});
