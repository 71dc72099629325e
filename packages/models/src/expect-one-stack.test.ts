import { expect, test } from "vitest";

import { refusal } from "../test/models.ts";
import { diagram } from "./diagram.ts";
import { transformer } from "./encoder-decoder/presets.ts";
import { toTypeScript } from "./to-typescript.ts";

test("what shows one stack refuses two", () => {
  const spec = transformer({ vocabulary: 5, context: 4, width: 4, layers: 1, heads: 2 });
  const [code, drawn] = [refusal(() => toTypeScript(spec)), refusal(() => diagram(spec))];
  expect([code, drawn]).toEqual(
    ["toTypeScript", "diagram"].map(
      (name) =>
        `ConfigError: ${name}: it shows decoders and encoders, and this is an encoder–decoder, of two stacks; describe() lists its parts`,
    ),
  );
});
