// Tiny random checkpoints that Hugging Face's transformers wrote, and what it answered with them: goldens/decoders.py.
import { testDecoder } from "../../test/test-decoder.ts";

const names = [
  ...[
    "llama",
    "llama-3",
    "mistral",
    "mixtral",
    "qwen2",
    "qwen3",
    "gemma",
    "gemma2",
    "gemma3",
    "phi",
    "phi3",
    "phi3-long",
  ],
  ...["gpt2", "openai-gpt", "gptj", "gpt-neo", "gpt-neox", "gpt-neox-sequential"],
];
for (const name of names) testDecoder(name);
