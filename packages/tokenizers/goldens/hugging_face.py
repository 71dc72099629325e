"""Makes the folder hugging-face beside this file: small tokenizers of each type, and what the library `tokenizers` makes of 10,000 strings.

    pip install tokenizers    # 0.23.3 made the files that are here
    python3 packages/tokenizers/goldens/hugging_face.py

For each type there is <type>.json, a tokenizer trained on strings that are not among those compared (training breaks ties at random, so one that
exists is kept; delete it to train another), and in <type>.golden.json the results: for the
first strings in full, so that a difference can be read, and for each block of 250 strings the SHA-256 of its results. A result is what the library
gives as ids, offsets and text again, and of each fourth string the pair with the next one in its frame; offsets count UTF-16 code units.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))

from charsmap import compile_charsmap
from fuzz_strings import PIECES, fuzz_string
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

COUNT, BLOCK, SHOWN = 10_000, 250, 40
HERE = Path(__file__).parent / "hugging-face"

CORPUS = [fuzz_string(index) for index in range(20_000, 20_600)] + 40 * [
    "The cat sat on the mat. It's a cat, isn't it? We're here; they'll come, I'd say so.",
    "Tokenization is the unbelievable tokenizing of tokens by a tokenizer.",
    "Das Äpfelchen fiel auf die Straße. Où est la naïve élève ?",
    "Это ключ под дверью. Ёлка!",
    "שלום עולם مرحبا بالعالم हिन्दी में नमस्ते",
    "日本語のひらがなとカタカナ。中文漢字。한국어 단어",
    "x = 1234567 + 3.14;\n    return x\n\n",
]
FEW = CORPUS[600:] + 8 * [" ".join(PIECES["words"])]  # a Unigram has to have every character that it was trained on


def train(model, trainer, corpus=CORPUS, **parts):
    tokenizer = Tokenizer(model)
    for name, part in parts.items():
        if part is not None:
            setattr(tokenizer, name, part)
    tokenizer.train_from_iterator(corpus, trainer)
    return tokenizer


def special(*names, **options):
    return [AddedToken(name, special=True, normalized=False, **options) for name in names]


def template(tokenizer, single, pair):
    names = {part.split(":")[0] for part in (single + " " + pair).split() if not part.startswith("$")}
    return processors.TemplateProcessing(
        single=single, pair=pair, special_tokens=[(name, tokenizer.token_to_id(name)) for name in sorted(names)]
    )


def byte_trainer(specials, size=480):
    return trainers.BpeTrainer(
        vocab_size=size, special_tokens=special(*specials), initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False
    )


def gpt2():
    tokenizer = train(
        models.BPE(),
        byte_trainer(["<|endoftext|>"]),
        pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False),
        decoder=decoders.ByteLevel(),
        post_processor=processors.ByteLevel(trim_offsets=False),
    )
    tokenizer.add_tokens([AddedToken("added", normalized=True), AddedToken("Added Token", normalized=False, single_word=True)])
    return tokenizer


def roberta():
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer = train(
        models.BPE(), byte_trainer(specials), pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=True), decoder=decoders.ByteLevel()
    )
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True, normalized=False)])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", tokenizer.token_to_id("</s>")), ("<s>", tokenizer.token_to_id("<s>")))
    return tokenizer


LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def llama3():
    tokenizer = train(
        models.BPE(ignore_merges=True),
        byte_trainer(["<|begin|>", "<|endoftext|>"]),
        pre_tokenizer=pre_tokenizers.Sequence(
            [pre_tokenizers.Split(Regex(LLAMA3), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
        ),
        decoder=decoders.ByteLevel(),
    )
    frame = template(tokenizer, "<|begin|> $A", "<|begin|> $A <|begin|>:1 $B:1")
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=True, add_prefix_space=True), frame])
    return tokenizer


def qwen():
    pattern = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    tokenizer = train(
        models.BPE(),
        byte_trainer(["<|endoftext|>"]),
        normalizer=normalizers.NFC(),
        pre_tokenizer=pre_tokenizers.Sequence(
            [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
        ),
        decoder=decoders.ByteLevel(),
        post_processor=processors.ByteLevel(add_prefix_space=False, trim_offsets=True),
    )
    tokenizer.add_tokens([AddedToken("added", normalized=True, rstrip=True), AddedToken("e\u0301", normalized=True)])
    return tokenizer


def deepseek():
    letters = r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    return train(
        models.BPE(),
        byte_trainer(["<|endoftext|>"]),
        normalizer=normalizers.Sequence([]),
        pre_tokenizer=pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(r"\p{N}{1,3}"), "isolated"),
                pre_tokenizers.Split(Regex(r"[一-龥぀-ゟ゠-ヿ]+"), "isolated"),
                pre_tokenizers.Split(Regex(letters), "isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        ),
        decoder=decoders.ByteLevel(),
    )


def byte_fallback_trainer(**options):
    return trainers.BpeTrainer(
        vocab_size=560, special_tokens=special("<unk>", "<s>", "</s>") + [f"<0x{byte:02X}>" for byte in range(256)], limit_alphabet=120, show_progress=False, **options
    )


def plain_bytes(tokenizer):
    """The trainer must be told of the byte tokens as special ones; in the tokenizers that people use they are not among the added ones."""
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = [token for token in data["added_tokens"] if not token["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(data))


def llama2():
    tokenizer = train(
        models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True),
        byte_fallback_trainer(),
        normalizer=normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]),
        decoder=decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]),
    )
    tokenizer.post_processor = template(tokenizer, "<s> $A", "<s> $A <s>:1 $B:1")
    return plain_bytes(tokenizer)


def mistral():
    tokenizer = train(
        models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True),
        byte_fallback_trainer(),
        pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme="first", split=False),
        decoder=decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]),
    )
    tokenizer.post_processor = template(tokenizer, "<s> $A </s>", "<s> $A </s> $B </s>")
    return plain_bytes(tokenizer)


def gemma():
    tokenizer = train(
        models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True),
        byte_fallback_trainer(),
        normalizer=normalizers.Replace(" ", "▁"),
        pre_tokenizer=pre_tokenizers.Split(" ", "merged_with_previous"),
        decoder=decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]),
    )
    return plain_bytes(tokenizer)


def bert(lowercase):
    tokenizer = train(
        models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100),
        trainers.WordPieceTrainer(vocab_size=700, special_tokens=special("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"), limit_alphabet=200, show_progress=False),
        normalizer=normalizers.BertNormalizer(lowercase=lowercase),
        pre_tokenizer=pre_tokenizers.BertPreTokenizer(),
        decoder=decoders.WordPiece(),
    )
    tokenizer.post_processor = template(tokenizer, "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1")
    return tokenizer


def bert_cased():
    tokenizer = bert(False)
    ids = [(name, tokenizer.token_to_id(name)) for name in ("[SEP]", "[CLS]")]
    tokenizer.post_processor = processors.BertProcessing(*ids)
    tokenizer.add_tokens([AddedToken("Added Token", normalized=True), AddedToken("added", single_word=True, lstrip=True, rstrip=True, normalized=False)])
    return tokenizer


CHARSMAP = {
    "\u00a0": " ", "\u3000": " ", "\u2009": " ", "\t": " ", "\n": " ", "\r": " ", "\u200b": " ", "\u00ad": "", "\u200e": "", "\x00": "", "\x07": "", "ﬁ": "fi", "½": "1/2", "Ⅷ": "VIII",
    "①": "1", "…": "...", "Ａ": "A", "１": "1", "e\u0301": "é", "a\u0301": "á", "À": "à", "ｶﾞ": "ガ", "ℌ": "H", "㌀": "アパート", "\u0345": "ι", "K": "K", "Å": "Å", "İ": "i\u0307", "ß": "ss",
    "の": "no", "\U0002f800": "丽", "👍🏽": "+1",
}


def unigram_trainer(**options):
    return trainers.UnigramTrainer(vocab_size=600, special_tokens=special("<pad>", "</s>", "<unk>"), unk_token="<unk>", show_progress=False, **options)



def t5():
    tokenizer = train(
        models.Unigram(),
        unigram_trainer(),
        corpus=FEW,
        normalizer=normalizers.Precompiled(base64.b64decode(compile_charsmap(CHARSMAP))),
        pre_tokenizer=pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]),
        decoder=decoders.Metaspace(),
    )
    tokenizer.post_processor = template(tokenizer, "$A </s>", "$A </s> $B </s>")
    return tokenizer


def albert():
    tokenizer = train(
        models.Unigram(),
        trainers.UnigramTrainer(vocab_size=600, special_tokens=special("<pad>", "<unk>", "[CLS]", "[SEP]"), unk_token="<unk>", show_progress=False),
        corpus=FEW,
        normalizer=normalizers.Sequence(
            [
                normalizers.Replace("``", '"'),
                normalizers.Replace("''", '"'),
                normalizers.NFKD(),
                normalizers.StripAccents(),
                normalizers.Lowercase(),
                normalizers.Precompiled(base64.b64decode(compile_charsmap(CHARSMAP))),
                normalizers.Replace(Regex(" {2,}"), " "),
            ]
        ),
        pre_tokenizer=pre_tokenizers.Metaspace(),
        decoder=decoders.Metaspace(),
    )
    tokenizer.add_special_tokens([AddedToken("[MASK]", lstrip=True, special=True, normalized=False)])
    tokenizer.post_processor = template(tokenizer, "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1")
    return tokenizer


def unigram_bytes():
    tokenizer = train(
        models.Unigram(),
        trainers.UnigramTrainer(
            vocab_size=700, special_tokens=special("<unk>") + [f"<0x{byte:02X}>" for byte in range(256)], unk_token="<unk>", show_progress=False
        ),
        corpus=FEW,
        normalizer=normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Strip()]),
        pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme="first"),
        decoder=decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="first")]),
    )
    data = json.loads(plain_bytes(tokenizer).to_str())
    data["model"]["byte_fallback"] = True
    # Characters beyond the first are left to the bytes.
    data["model"]["vocab"] = [[token, score] for token, score in data["model"]["vocab"] if all(ord(c) < 0x250 or c == "▁" for c in token)]
    return Tokenizer.from_str(json.dumps(data))


def word_level():
    return train(
        models.WordLevel(unk_token="[UNK]"),
        trainers.WordLevelTrainer(vocab_size=500, special_tokens=special("[UNK]", "[MASK]"), show_progress=False),
        normalizer=normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()]),
        pre_tokenizer=pre_tokenizers.Whitespace(),
    )


def clip():
    tokenizer = train(
        models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>"),
        trainers.BpeTrainer(
            vocab_size=760, special_tokens=special("<|begin|>", "<|endoftext|>"), end_of_word_suffix="</w>",
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False,
        ),
        normalizer=normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]),
        pre_tokenizer=pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", invert=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False),
            ]
        ),
        decoder=decoders.BPEDecoder(),
    )
    tokenizer.post_processor = processors.RobertaProcessing(
        ("<|endoftext|>", tokenizer.token_to_id("<|endoftext|>")), ("<|begin|>", tokenizer.token_to_id("<|begin|>")), trim_offsets=False, add_prefix_space=False
    )
    return tokenizer


def prefixed():
    """A byte-pair encoding whose pieces inside words carry a prefix, with the pre-tokenizers and normalizers that the others do without."""
    tokenizer = train(
        models.BPE(unk_token="[UNK]", continuing_subword_prefix="##"),
        trainers.BpeTrainer(vocab_size=700, special_tokens=special("[UNK]", "[MASK]"), continuing_subword_prefix="##", limit_alphabet=150, show_progress=False),
        normalizer=normalizers.Sequence([normalizers.Strip(right=False), normalizers.NFD(), normalizers.Replace(Regex(r"\p{Mn}$|(?<=a)b|^x"), "<>")]),
        pre_tokenizer=pre_tokenizers.Sequence(
            [
                pre_tokenizers.CharDelimiterSplit(" "),
                pre_tokenizers.Punctuation("merged_with_next"),
                pre_tokenizers.Digits(individual_digits=True),
                pre_tokenizers.Split(Regex(r"[aeiou]+"), "contiguous"),
                pre_tokenizers.Split("\n", "merged_with_previous"),
                pre_tokenizers.FixedLength(7),
            ]
        ),
        decoder=decoders.WordPiece(cleanup=False),
    )
    return tokenizer


TYPES = {
    "gpt2": gpt2, "roberta": roberta, "llama3": llama3, "qwen": qwen, "deepseek": deepseek, "llama2": llama2, "mistral": mistral, "gemma": gemma,
    "bert-uncased": lambda: bert(True), "bert-cased": bert_cased, "t5": t5, "albert": albert, "unigram-bytes": unigram_bytes, "word-level": word_level,
    "clip": clip, "prefixed": prefixed,
}


def places(text):
    """The place of each character in UTF-16 code units."""
    at = [0]
    for character in text:
        at.append(at[-1] + (2 if ord(character) > 0xFFFF else 1))
    return at


def alone(tokenizer, text):
    encoding = tokenizer.encode(text, add_special_tokens=False)
    at = places(text)
    offsets = [[at[begin], at[end]] for begin, end in encoding.offsets]
    return [encoding.ids, offsets, tokenizer.decode(encoding.ids, skip_special_tokens=False) if encoding.ids else ""]


def framed(tokenizer, text, other):
    encoding = tokenizer.encode(text, other)
    at = [places(text), places(other)]
    sources = encoding.sequence_ids
    offsets = [[at[source or 0][begin], at[source or 0][end]] for (begin, end), source in zip(encoding.offsets, sources)]
    written = tokenizer.decode(encoding.ids, skip_special_tokens=True) if encoding.ids else ""
    return [encoding.ids, encoding.type_ids, offsets, sources, written]


def write(name, tokenizer):
    strings = [fuzz_string(index) for index in range(COUNT + 1)]
    results = [
        alone(tokenizer, strings[index]) + (framed(tokenizer, strings[index], strings[index + 1]) if index % 4 == 0 else [])
        for index in range(COUNT)
    ]
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in results]
    blocks = [hashlib.sha256("\n".join(lines[start : start + BLOCK]).encode()).hexdigest() for start in range(0, COUNT, BLOCK)]
    golden = {"strings": strings[:SHOWN], "results": lines[:SHOWN], "blocks": blocks}
    (HERE / f"{name}.json").write_text(json.dumps(json.loads(tokenizer.to_str()), separators=(",", ":")) + "\n")
    (HERE / f"{name}.golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


def write_limits():
    """Truncation and padding, in each combination that means something."""
    texts = [["The cat sat on the mat"], ["don't", "unbelievable tokenization, I say"], ["the cat and the dog and I", "a"], ["", "x"]]
    cases = []
    for max_length, strategy, direction in [(7, "longest_first", "right"), (8, "longest_first", "left"), (5, "only_first", "right"), (4, "longest_first", "left"), (3, "longest_first", "right"), (6, "only_second", "left")]:
        for padding in [{}, {"direction": "left", "pad_to_multiple_of": 4}, {"length": 9, "pad_type_id": 1}]:
            for special in (True, False):
                tokenizer = Tokenizer.from_file(str(HERE / "bert-uncased.json"))
                tokenizer.enable_truncation(max_length, strategy=strategy, direction=direction)
                tokenizer.enable_padding(pad_id=tokenizer.token_to_id("[PAD]"), pad_token="[PAD]", **padding)
                results = []
                for one in texts:
                    try:
                        got = tokenizer.encode(*one, add_special_tokens=special)
                        results.append([got.ids, got.type_ids, [list(o) for o in got.offsets], got.attention_mask])
                    except Exception as error:
                        results.append(str(error))
                saved = json.loads(tokenizer.to_str())
                cases.append({"truncation": saved["truncation"], "padding": saved["padding"], "special": special, "results": [json.dumps(r) for r in results]})
    (HERE / "limits.json").write_text(json.dumps({"texts": texts, "cases": cases}, separators=(",", ":")) + "\n")


PATTERNS = [
    r"^a|b$", r"\Aa|b\z", r"b\Z", r"\bcat\b", r"\Bat", r"a.c", r"[^\S\n]+", r"\s+$", r"(?i)stra|KEY|ſo", r"(?i:[a-c]+x?|[sk])", r"a?+a", r"a++b", r"a*+", r"(?>a+|ab)c", r"a{1,2}+b", r"a{,2}c",
    r"[[:alpha:]]+", r"[[:digit:][:space:]]+", r"[a-c[x-z]]+", r"[^a-c[x-z]]+", r"\h+", r"\H", r"\d+", r"\D", r"\w+", r"\W+", r"\x41|\x{1F600}|\u00e9", r"\p{Han}+|\p{^L}", r"\P{Lu}+", r"\p{Greek}",
    r"(?=cat)c|(?<=c)a|(?<!c)t|a(?!t)", r"[\]\-\^a]+", r"[a\-z]+|[-x]", r"[]a]+", r"-|\.|\/|\'", r"((a)(b))+", r"a{2}", r"a{2,}?", r"a+?b", r"(?-i:A)|(?i:a(?-i:B))", r"\t|\r\n|\e|\f",
]
PATTERN_TEXTS = [
    "aab\ncat bat\nabc b", "ab\n", "a\u00a0b \t\r\n c\u0085\u2028 d\ufeffe", "Key KEY key \u212aey STRASSE Straße so SO ſo", "aaab aac abc caaaab", "xyz-cab]^^ q.r/s'", "٣٤ 12 ½ Ⅷ é_É e\u0301 Ωω 漢字かな 😀A\U0001f600", "aB AB ab Ab\x1b\x0c", "",
]


def write_patterns():
    """How Oniguruma, the library that `tokenizers` matches with, cuts texts: what the translation to JavaScript has to do, too."""
    cases = []
    for pattern in PATTERNS:
        splitter = pre_tokenizers.Split(Regex(pattern), "isolated")
        cases.append([pattern, [[piece for piece, _ in splitter.pre_tokenize_str(text)] for text in PATTERN_TEXTS]])
    (HERE / "patterns.json").write_text(json.dumps({"texts": PATTERN_TEXTS, "cases": cases}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for name in sys.argv[1:] or TYPES:
        file = HERE / f"{name}.json"
        write(name, Tokenizer.from_file(str(file)) if file.exists() else TYPES[name]())
        print(name)
    write_limits()
    write_patterns()
