import { bart } from "./bart.ts";
import type { Family } from "./family.ts";
import { albert } from "./albert.ts";
import { bert } from "./bert.ts";
import { distilbert } from "./distilbert.ts";
import { gemma, gemma2 } from "./gemma.ts";
import { gemma3 } from "./gemma3.ts";
import { gpt2 } from "./gpt2.ts";
import { gptNeo } from "./gpt-neo.ts";
import { gptNeoX } from "./gpt-neox.ts";
import { gptj } from "./gptj.ts";
import { llama } from "./llama.ts";
import { marian } from "./marian.ts";
import { mistral } from "./mistral.ts";
import { mixtral } from "./mixtral.ts";
import { openaiGPT } from "./openai-gpt.ts";
import { phi, phi3 } from "./phi.ts";
import { qwen2, qwen3 } from "./qwen.ts";
import { roberta, xlmRoberta } from "./roberta.ts";
import { t5 } from "./t5.ts";
import { vit } from "./vit.ts";

/** The families that Tenon reads and writes. A model of your own is saved as the first that can express it. */
export const families: readonly Family[] = [
  llama,
  mistral,
  mixtral,
  qwen2,
  qwen3,
  gemma,
  gemma2,
  gemma3,
  phi,
  phi3,
  gpt2,
  openaiGPT,
  gptNeo,
  gptNeoX,
  gptj,
  vit,
  bert,
  roberta,
  xlmRoberta,
  distilbert,
  albert,
  t5,
  bart,
  marian,
];
