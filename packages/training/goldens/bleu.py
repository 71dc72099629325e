"""Makes bleu.json beside this file with sacreBLEU: what it says of texts that are drawn from a seed, and of real ones.

    pip install sacrebleu==2.6.0
    python3 packages/training/goldens/bleu.py

The texts are not in the file: sacrebleu.test.ts draws the same ones from the same generator. The real ones are the references of
Multi30k's test set of 2016, damaged by a rule, from ../shared/data beside the repository. Running it (and then the formatter) again
gives the same file.
"""

import gzip
import json
import logging
from pathlib import Path

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF

logging.getLogger("sacrebleu").setLevel(logging.ERROR)
here = Path(__file__).resolve().parent

# What texts are made of: words of several scripts, numbers, punctuation, entities, white space of many kinds, characters beyond the
# basic plane, and what a careless replacement would trip over.
pieces = [
    "the", "the", "dog", "Dog", "runs", "a", "Über", "Straße", "läuft", "garçon", "привет", "Мир", "नमस्ते", "مرحبا", "不错", "的",
    "한국어", "ΟΔΟΣ", "Σίσυφος", "İstanbul", "ẞ", "ǅ", "e\u0301", "\u00e9", "👩\u200d👩\u200d👧", "🙂", "𝒳", "𐐀", "1", "42", "1,000.5", "3.14", "2-3",
    "-5", ".5", "5.", "½", "٣", "①", "10%", ".", ",", "...", "!", "?!", ";", ":", "-", "--", "—", "«", "»", "¿", "“", "”", "‘", "’",
    "'", "don't", "e.g.", "(hi)", "[x]", "{y}", "x-y", "a/b", "a_b", "c++", "$", "€", "$&", "$1", "^", "`", "~", "+", "=", "<", ">",
    "|", "\\", "@me", "#tag", "&quot;", "&amp;", "&lt;", "&gt;", "&amp;lt;", "&apos;", "&", "<skipped>", "-\n", "\n", "\t", "\u000b",
    "\u001c", "\u0085", "\u00a0", "\u2003", "\u2028", "\u3000", "\u200b", "\ufeff", "、", "。", "\u0000", "constructor", "__proto__",
]  # fmt: skip


class Draw:
    """The linear congruential generator of Numerical Recipes; its upper 16 bits."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 16) % limit


def draw_words(draw, most):
    return [draw.below(len(pieces)) for _ in range(draw.below(most + 1))]


def draw_text(draw, words):
    """Most pieces are words of their own, and some stick together."""
    return "".join(pieces[word] + ("" if draw.below(4) == 0 else " ") for word in words)


def draw_changed(draw, words):
    """Drops a piece in eight, replaces one, doubles one."""
    changed = []
    for word in words:
        what = draw.below(8)
        if what != 0:
            changed.append(draw.below(len(pieces)) if what == 1 else word)
        if what == 2:
            changed.append(word)
    return changed


def draw_corpus(seed, sentences, references):
    """References is how many each sentence has; 0 for one to three of them."""
    draw = Draw(seed)
    hypotheses, lists = [], []
    for _ in range(sentences):
        words = draw_words(draw, 20)
        hypotheses.append(draw_text(draw, words))
        count = references or 1 + draw.below(3)
        lists.append([draw_text(draw, draw_changed(draw, words)) for _ in range(count)])
    return hypotheses, lists


def streams(lists):
    """Our lists, one for each sentence, as sacreBLEU takes them: one for each reference, with None where there is none."""
    return [[each[i] if i < len(each) else None for each in lists] for i in range(max(map(len, lists)))]


def bleu_of(hypotheses, lists, options):
    names = {"tokenizer": "tokenize", "smoothing": "smooth_method", "smoothingValue": "smooth_value", "lowercase": "lowercase",
             "effectiveOrder": "effective_order"}  # fmt: skip
    metric = BLEU(**{names[name]: value for name, value in options.items()})
    score = metric.corpus_score(hypotheses, streams(lists))
    return {
        "numbers": [round(x, 11) for x in (score.score, score.bp, *score.precisions)],
        "counts": [score.sys_len, score.ref_len, *score.counts, *score.totals],
        "text": str(score),
        "signature": str(metric.get_signature()),
    }


def chrf_of(hypotheses, lists, options):
    names = {"characterOrder": "char_order", "wordOrder": "word_order", "beta": "beta", "lowercase": "lowercase",
             "whitespace": "whitespace"}  # fmt: skip
    given = {names[name]: value for name, value in options.items() if name in names}
    metric = CHRF(**given, eps_smoothing=not options.get("effectiveOrder", True))
    score = metric.corpus_score(hypotheses, streams(lists))
    return {"score": round(score.score, 11), "text": str(score), "signature": str(metric.get_signature())}


bleu_options = [
    {},
    {"tokenizer": "none"},
    {"tokenizer": "char"},
    {"tokenizer": "intl"},
    {"lowercase": True},
    {"tokenizer": "intl", "lowercase": True},
    {"smoothing": "none"},
    {"smoothing": "floor"},
    {"smoothing": "floor", "smoothingValue": 0.025},
    {"smoothing": "add-k"},
    {"smoothing": "add-k", "smoothingValue": 0.5, "effectiveOrder": True},
    {"effectiveOrder": True},
    {"smoothing": "floor", "effectiveOrder": True, "tokenizer": "char"},
]
chrf_options = [
    {},
    {"wordOrder": 2},
    {"wordOrder": 1, "characterOrder": 3},
    {"lowercase": True},
    {"whitespace": True},
    {"effectiveOrder": False},
    {"effectiveOrder": False, "wordOrder": 2, "whitespace": True},
    {"beta": 1},
    {"beta": 3, "wordOrder": 2, "lowercase": True},
]
sizes = [(1, 1), (2, 1), (9, 1), (5, 2), (7, 0)]  # sentences, and references of each


def corpora(all_options, score):
    made = []
    for i, options in enumerate(all_options):
        for j, (sentences, references) in enumerate(sizes[i % 2 :: 2] + [(12, 1)]):
            seed = 1000 * (i + 1) + j
            result = score(*draw_corpus(seed, sentences, references), options)
            made.append({"seed": seed, "sentences": sentences, "references": references, "options": options, **result})
    return made


def sentences(count):
    """Each drawn with its number as the seed, with one to three references; sentence i by the i-th options, around and around."""
    made = {"bleu": [], "chrf": []}
    for seed in range(count):
        hypotheses, lists = draw_corpus(seed, 1, 0)
        options = bleu_options[seed % len(bleu_options)]
        made["bleu"].append(bleu_of(hypotheses, lists, {**options, "effectiveOrder": True})["numbers"][0])
        made["chrf"].append(chrf_of(hypotheses, lists, chrf_options[seed % len(chrf_options)])["score"])
    return made


def multi30k():
    """Every fifth word of the whole test set is dropped, every seventh of the others doubled."""
    path = here.parents[3] / "shared/data/multi30k/test_2016_flickr.de.gz"
    references = gzip.open(path, "rt", encoding="utf-8").read().splitlines()
    hypotheses, i = [], 0
    for line in references:
        kept = []
        for word in line.split(" "):
            i += 1
            if i % 5 != 0:
                kept += [word, word] if i % 7 == 0 else [word]
        hypotheses.append(" ".join(kept))
    lists = [[line] for line in references]
    return {
        "bleu": [{"options": o, **bleu_of(hypotheses, lists, o)} for o in bleu_options[:5]],
        "chrf": [{"options": o, **chrf_of(hypotheses, lists, o)} for o in chrf_options[:2]],
    }


golden = {
    "sacrebleu": sacrebleu.__version__,
    "pieces": pieces,
    "bleuOptions": bleu_options,
    "chrfOptions": chrf_options,
    "bleu": corpora(bleu_options, bleu_of),
    "chrf": corpora(chrf_options, chrf_of),
    "sentences": sentences(600),
    "multi30k": multi30k(),
}
(here / "bleu.json").write_text(json.dumps(golden) + "\n")
