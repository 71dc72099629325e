import { expect, test } from "vitest";

import { configText } from "./config-text.ts";

test("numbers that Python takes for floating-point ones have a point, however deep they stand", () => {
  const config = {
    vocab_size: 7,
    rope_theta: 10000,
    rms_norm_eps: 1e-6,
    rope_parameters: { factor: 2, short_factor: [1, 1.5] },
    eos_token_id: [1, 2],
    none: null,
    empty: {},
  };
  const text = configText(config);
  expect(JSON.parse(text)).toEqual(config);
  expect(text.replace(/\s+/g, " ")).toBe(
    '{ "vocab_size": 7, "rope_theta": 10000.0, "rms_norm_eps": 0.000001, "rope_parameters": { "factor": 2.0, "short_factor": [ 1.0, 1.5 ] }, "eos_token_id": [ 1, 2 ], "none": null, "empty": {} } ',
  );
});
