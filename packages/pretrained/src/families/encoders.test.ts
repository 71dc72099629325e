// Tiny random checkpoints that Hugging Face's transformers wrote, and what it answered with them: goldens/encoders.py.
import { describe } from "vitest";

import { testEncoder } from "../../test/test-encoder.ts";
import { albert } from "./albert.ts";
import { bert } from "./bert.ts";
import { distilbert } from "./distilbert.ts";
import { roberta } from "./roberta.ts";

// XLM-R is RoBERTa by another name.
testEncoder("XLMRobertaForMaskedLM");

describe.each([bert, roberta, distilbert, albert])("$type", ({ architectures }) => {
  for (const architecture of architectures) testEncoder(architecture);
});
