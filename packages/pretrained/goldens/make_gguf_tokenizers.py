"""
Makes gguf-tokenizers.json: tokenizers as a GGUF file lists them, and what the libraries that they come from say. Byte-level BPE by the library tokenizers, with its own
tokenizer.json; SentencePiece's BPE by sentencepiece, with the ids of some texts.

    pip install tokenizers sentencepiece   # tokenizers 0.23.3 and sentencepiece 0.2.3 made what is here
    python3 packages/pretrained/goldens/make_gguf_tokenizers.py
"""

import io
import json
from pathlib import Path

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

here = Path(__file__).parent
CORPUS = [
    "The cat sat on the mat, and the dog sat on the cat.", "It's 2024 and they've 12345 cats; don't count them!", "Über den Wolken, für immer – grüßt die Katze.",
    "кошка сидит на ковре", "  two  spaces\n\nand a line", "the theory of the thing that thinks", "a man, a plan, a canal", "count the cats on the mat",
] * 4  # fmt: skip
TEXTS = ["the cat thinks", "The dog's mat", " two  spaces", "кошка", "new 67 words ✓", "a", "", "on the the mat."]
CUT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def byte_level(pre, before, normalizer=None, ignore_merges=False, beginning=False):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=before is None or pre == "smollm")
    tokenizer.pre_tokenizer = bytes if before is None else pre_tokenizers.Sequence([before, bytes])
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=340, special_tokens=["<|begin|>", "<|end|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    if beginning:
        tokenizer.post_processor = processors.TemplateProcessing(single="<|begin|> $A", pair="<|begin|> $A:0 <|begin|>:1 $B:1", special_tokens=[("<|begin|>", 0)])
    data = json.loads(tokenizer.to_str())
    tokens = sorted(data["model"]["vocab"], key=data["model"]["vocab"].get)
    metadata = {
        "model": "gpt2", "pre": pre, "tokens": tokens, "merges": [" ".join(merge) for merge in data["model"]["merges"]],
        "token_type": [3, 3] + [1] * (len(tokens) - 2), "bos_token_id": 0, "eos_token_id": 1,
    }  # fmt: skip
    # The metadata has them.
    del data["model"]["vocab"], data["model"]["merges"]
    return {"metadata": metadata, "tokenizer": data}


def sentence_piece():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=model, model_type="bpe", vocab_size=380, byte_fallback=True, normalization_rule_name="identity",
        remove_extra_whitespaces=False, user_defined_symbols=["<sep>"], minloglevel=2,
    )  # fmt: skip
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    ids = range(processor.vocab_size())

    def type_of(id):
        return 2 if processor.is_unknown(id) else 3 if processor.is_control(id) else 6 if processor.is_byte(id) else 4 if processor.id_to_piece(id) == "<sep>" else 1

    metadata = {
        "model": "llama", "tokens": [processor.id_to_piece(id) for id in ids], "scores": [processor.get_score(id) for id in ids],
        "token_type": [type_of(id) for id in ids], "bos_token_id": 1, "eos_token_id": 2, "unknown_token_id": 0,
    }  # fmt: skip
    return {"metadata": metadata, "texts": [{"text": text, "ids": processor.encode(text)} for text in TEXTS]}


result = {
    "byteLevel": [
        byte_level("gpt-2", None),
        byte_level("llama-bpe", pre_tokenizers.Split(Regex(CUT % r"\p{N}{1,3}"), "isolated"), ignore_merges=True, beginning=True),
        byte_level("qwen2", pre_tokenizers.Split(Regex(CUT % r"\p{N}"), "isolated"), normalizer=normalizers.NFC()),
        byte_level("smollm", pre_tokenizers.Digits(individual_digits=True)),
    ],
    "sentencePiece": sentence_piece(),
}
(here / "gguf-tokenizers.json").write_text(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n")
