// Tiny random checkpoints that Hugging Face's transformers wrote, and what it answered with them: goldens/decoders.py.
import { testDecoder } from "../../test/test-decoder.ts";

testDecoder("llama");
testDecoder("llama-3");
