"""Matrix products and einsum."""

import torch

from .golden import Goldens, floats

infinity, nan = float("inf"), float("nan")
goldens = Goldens()


def matmul(a, b, transposeA, transposeB):
    return (a.mT if transposeA else a) @ (b.mT if transposeB else b)


for transpose_a in (False, True):
    for transpose_b in (False, True):
        attrs = {"transposeA": transpose_a, "transposeB": transpose_b}
        sides = f"{'Aᵀ' if transpose_a else 'A'} {'Bᵀ' if transpose_b else 'B'}"
        for note, batch, m, inner, n in (
            ("odd sizes", (), 3, 5, 2),
            ("a batch of two axes", (2, 1), 3, 2, 1),
            ("nothing to sum over", (), 2, 0, 3),
            ("no matrices", (0,), 2, 3, 1),
        ):
            a = (*batch, inner, m) if transpose_a else (*batch, m, inner)
            b = (*batch, n, inner) if transpose_b else (*batch, inner, n)
            goldens.case("matmul", f"{sides}, {note}", lambda dice: [dice.floats(*a), dice.floats(*b)], attrs, matmul)
plain_product = {"transposeA": False, "transposeB": False}
goldens.case(
    "matmul",
    "extreme",
    [floats([[10240, -80], [1e30, 1], [0, 1e-30]]), floats([[1, -4], [2, 0.5]])],
    plain_product,
    matmul,
)
goldens.case(
    "matmul",
    "extreme, forward only: NaN and infinity are not lost beside zeros",
    [floats([[nan, 0], [infinity, 0], [infinity, -infinity], [1, 0]]), floats([[1, 0, 2], [0, 1, 2]])],
    plain_product,
    matmul,
    gradient=False,
)


def einsum(*operands, equation):
    return torch.einsum(equation, *operands)


for equation, *operand_shapes in (
    ("ij,jk->ik", (3, 5), (5, 2)),
    ("bij,bjk->bik", (2, 3, 2), (2, 2, 1)),
    ("bhtk,bhsk->bhts", (1, 2, 3, 1), (1, 2, 5, 1)),
    ("bthk,bshk->bhts", (1, 3, 2, 1), (1, 5, 2, 1)),
    ("i,j->ij", (3,), (5,)),
    ("i,i->", (7,), (7,)),
    ("ij,ij->i", (3, 5), (3, 5)),
    ("ij->ji", (3, 5)),
    ("abc->cab", (2, 3, 2)),
    ("ij->", (3, 5)),
    ("ij->j", (3, 5)),
    ("ij,k->ik", (3, 2), (5,)),
    ("ab,bc,cd->ad", (3, 2), (2, 5), (5, 1)),
    ("bd,d,bd->b", (3, 2), (2,), (3, 2)),
    (",i->i", (), (3,)),
    ("ij,jk->ik", (2, 0), (0, 3)),
    ("ii->i", (3, 3)),
    ("ii->", (3, 3)),
    ("iji,j->ij", (2, 3, 2), (3,)),
    ("...ij,...jk->...ik", (2, 1, 3), (3, 2)),
    ("bA,bc", (3, 1), (3, 2)),
):
    sizes = " and ".join(str(list(shape)) for shape in operand_shapes)
    goldens.case(
        "einsum",
        f"{equation} of {sizes}",
        lambda dice: [dice.floats(*s, below=2) for s in operand_shapes],
        {"equation": equation},
        einsum,
    )
