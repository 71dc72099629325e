"""Makes trainers.json and trained-encodings.json beside this file with the reference trainers.

    python3 -m venv /tmp/goldens
    /tmp/goldens/bin/pip install tokenizers==0.23.3 sentencepiece==0.2.3
    /tmp/goldens/bin/python packages/tokenizers/goldens/trainers.py
    node_modules/.bin/node --conditions=@tenon/source packages/tokenizers/goldens/write-trained.ts /tmp/goldens
    /tmp/goldens/bin/python packages/tokenizers/goldens/trainers.py /tmp/goldens

The first run writes the texts and what the reference makes of them; write-trained.ts trains on these texts, and the second run writes how the
reference encodes with the files that it wrote. Running all of it (and then the formatter) again gives the same files, but for the likelihood of
the unigram model: the reference's differs a little from run to run.
"""

import io
import json
import math
import random
import sys
from pathlib import Path

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

here = Path(__file__).parent
random.seed(7)

# Words of one stem and one ending, some stems far more frequent than others, so that pieces of words are worth finding.
syllables = ["ba", "do", "ke", "li", "mo", "na", "ri", "su", "ta", "ve", "ga", "pel", "stor", "un", "sha"]
stems = ["".join(random.choices(syllables, k=random.choice([1, 2, 2, 3]))) for _ in range(140)]
endings = ["", "", "", "s", "ing", "ed", "er", "ers", "ly", "ness", "able", "'s"]
odd = [
    "the", "a", "of", "and", "don't", "I'll", "1984", "42", "café", "naïve", "Straße", "Ελλάδα", "ΣΟΦΟΣ", "Привет", "東京", "😀", "—", "ﬁn", "x²",
]


def line():
    words = []
    for _ in range(random.randint(3, 11)):
        stem = stems[min(int(random.paretovariate(0.7)) - 1, len(stems) - 1)]
        word = stem + random.choice(endings) if random.random() < 0.8 else random.choice(odd)
        words.append(word.capitalize() if random.random() < 0.1 else word)
    return random.choice(["", "", "", " "]) + random.choice([" ", " ", " ", "  "]).join(words) + random.choice([".", "!", " ?", "\n", ""])


texts = [line() for _ in range(340)]
known = set("".join(texts))
held_out = [text for text in (line() for _ in range(130)) if set(text) <= known]

strings = [
    "", " ", "  two  spaces ", "tab\tand\nline\r\n", "can't I'LL we're", "e\u0301 é İ ß Σίσυφος ΣΑΣ", "東京タワー", "a\u0000b\u0001c\ufffd", "\ufeffmark",
    "\u0085next", "no\u00a0break\u3000wide", "zero\u200bwidth", "👩\u200d👩\u200d👧 😀", "$5 + `x` ^ ~ |", "1984 ½ Ⅷ x² ªº", "ﬁ Å", "don’t — …", "नमस्ते", "עברית",
    "line\u2028sep", "▁low▁line", " ▁", "\u0378 unassigned", "\ue000 private", "--...--", "a\u0301\u0327", "𠀀𝔘",
]


def words_of(normalizer, splitter):
    def words(string):
        text = normalizer.normalize_str(string) if normalizer else string
        return [word for word, _ in splitter.pre_tokenize_str(text) if word != ""]

    return [words(string) for string in strings]


def metaspace_normalizer(lowercase):
    steps = [normalizers.NFKC()] + ([normalizers.Lowercase()] if lowercase else [])
    steps += [normalizers.Replace(Regex(r"\p{White_Space}+"), " "), normalizers.Replace(Regex("^ | $"), "")]
    return normalizers.Sequence(steps)


bert_splitter = pre_tokenizers.BertPreTokenizer()
splits = {
    "strings": strings,
    "byteLevel": words_of(None, pre_tokenizers.ByteLevel(add_prefix_space=False)),
    "byteLevelPrefix": words_of(None, pre_tokenizers.ByteLevel(add_prefix_space=True)),
    "bert": words_of(normalizers.BertNormalizer(lowercase=True), bert_splitter),
    "bertCased": words_of(normalizers.BertNormalizer(lowercase=False), bert_splitter),
    "metaspace": words_of(metaspace_normalizer(False), pre_tokenizers.Metaspace()),
    "metaspaceLower": words_of(metaspace_normalizer(True), pre_tokenizers.Metaspace()),
}


def model_of(tokenizer):
    return json.loads(tokenizer.to_str())["model"]


def in_order(vocabulary):
    return sorted(vocabulary, key=vocabulary.get)


def byte_pairs(size, minimum_count, prefix_space):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space)
    trainer = trainers.BpeTrainer(
        vocab_size=size, min_frequency=minimum_count, special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    model = model_of(tokenizer)
    return {
        "options": {"maximumSize": size, "minimumCount": minimum_count, "prefixSpace": prefix_space},
        "tokens": " ".join(in_order(model["vocab"])),
        "merges": "\n".join(" ".join(pair) for pair in model["merges"]),
    }


def word_pieces(size, minimum_count, lowercase):
    """The reference gives characters with a prefix ids that differ from run to run, unless they are special tokens: so they are."""
    normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    words = [word for text in texts for word, _ in bert_splitter.pre_tokenize_str(normalizer.normalize_str(text))]
    alphabet = sorted({character for word in words for character in word})
    inside = sorted({character for word in words for character in word[1:]})
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = bert_splitter
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, min_frequency=minimum_count, show_progress=False,
        special_tokens=special + alphabet + ["##" + character for character in inside],
    )
    tokenizer.train_from_iterator(texts, trainer)
    return {
        "options": {"maximumSize": size, "minimumCount": minimum_count, "lowercase": lowercase},
        "tokens": " ".join(in_order(model_of(tokenizer)["vocab"])),
    }


def unigram(size):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = metaspace_normalizer(False)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=size, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    scores = [score for _, score in model_of(tokenizer)["vocab"]]
    whole = math.log(sum(math.exp(score) for score in scores[3:]))
    ids = [id for text in held_out for id in tokenizer.encode(text).ids]
    assert 2 not in ids, "an unknown character"

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=model, vocab_size=size, model_type="unigram", character_coverage=1.0,
        split_by_number=False, split_by_unicode_script=False, num_threads=1, minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    return {
        "size": size,
        "tokenizers": {"tokens": len(ids), "logLikelihood": round(sum(scores[id] - whole for id in ids))},
        "sentencepiece": {"tokens": sum(len(processor.encode(text)) for text in held_out)},
    }


def encodings(folder):
    """How the reference reads the files: it writes each again with nothing lost, and encodes and decodes with it."""
    some = [*strings, *held_out[:20], "ba [MASK] do</s>ke<|endoftext|>"]
    result = {}
    for name in ["byte-pairs", "word-pieces", "unigram"]:
        path = Path(folder) / f"{name}.json"
        tokenizer = Tokenizer.from_file(str(path))
        assert json.loads(tokenizer.to_str()) == json.loads(path.read_text()), f"{name} is not what the reference writes"
        encoded = [tokenizer.encode(string) for string in some]
        pair = tokenizer.encode("ba do", "ke")
        result[name] = {
            "ids": [each.ids for each in encoded], "texts": [tokenizer.decode(each.ids) for each in encoded],
            "pair": {"ids": pair.ids, "types": pair.type_ids},
        }
    return {"strings": some, **result}


goldens = {
    "texts": texts,
    "heldOut": held_out,
    "splits": splits,
    "bytePairs": [byte_pairs(500, 2, False), byte_pairs(900, 1, True)],
    "wordPieces": [word_pieces(300, 2, True), word_pieces(700, 1, False)],
    "unigram": unigram(250),
}
(here / "trainers.json").write_text(json.dumps(goldens, ensure_ascii=False, indent=1) + "\n")
if len(sys.argv) > 1:
    (here / "trained-encodings.json").write_text(json.dumps(encodings(sys.argv[1]), ensure_ascii=False, indent=1) + "\n")
