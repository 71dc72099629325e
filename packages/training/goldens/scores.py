"""Makes scores.json beside this file with scikit-learn and SciPy: scores of classes and of numbers.

    pip install scikit-learn==1.9.1 scipy==1.17.1
    python3 packages/training/goldens/scores.py

Running it (and then the formatter) again gives the same file.
"""

import json
import random
from pathlib import Path

import scipy
import sklearn
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    matthews_corrcoef,
    precision_recall_fscore_support,
)

draw = random.Random(9)
ignored = -100


def classes(count, size, wrong, labels):
    """Predictions and targets of `size` places, a share of which is wrong and one of ten ignored."""
    targets = [draw.choice(labels) for _ in range(size)]
    predictions = [draw.choice(labels) if draw.random() < wrong else each for each in targets]
    targets = [ignored if draw.random() < 0.1 else each for each in targets]
    kept = [(p, t) for p, t in zip(predictions, targets) if t != ignored]
    p, t = zip(*kept)
    table = confusion_matrix(t, p, labels=range(count))
    precision, recall, per_class, _ = precision_recall_fscore_support(t, p, labels=range(count), zero_division=0)
    return {
        "classes": count,
        "predictions": predictions,
        "targets": targets,
        "accuracy": accuracy_score(t, p),
        "confusion": table.tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "perClass": per_class.tolist(),
        "macro": f1_score(t, p, average="macro", zero_division=0),
        "micro": f1_score(t, p, average="micro", zero_division=0),
        "matthews": float(matthews_corrcoef(t, p)),
    }


def numbers(size, noise, grid):
    """Numbers and what was predicted for them; on a grid many are equal."""
    targets = [draw.uniform(0, 5) for _ in range(size)]
    predictions = [each + draw.gauss(0, noise) for each in targets]
    if grid:
        targets, predictions = ([round(each * grid) / grid for each in side] for side in (targets, predictions))
    return {
        "predictions": predictions,
        "targets": targets,
        "pearson": float(pearsonr(predictions, targets).statistic),
        "spearman": float(spearmanr(predictions, targets).statistic),
    }


golden = {
    "sklearn": sklearn.__version__,
    "scipy": scipy.__version__,
    "classes": [
        classes(2, 40, 0.3, [0, 1]),
        classes(2, 12, 0.9, [0, 0, 0, 1]),
        classes(3, 30, 0.5, [0, 1, 2]),
        classes(5, 60, 0.6, [0, 1, 1, 4]),
        classes(4, 10, 1.0, [3]),
        classes(7, 50, 1.0, list(range(7))),
    ],
    "numbers": [numbers(20, 0.5, None), numbers(30, 2, 2), numbers(2, 1, None), numbers(25, 30, 1)],
}
Path(__file__).with_name("scores.json").write_text(json.dumps(golden) + "\n")
