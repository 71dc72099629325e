"""Double precision for code that insists on single."""

from contextlib import contextmanager
from unittest import mock

import torch


@contextmanager
def double():
    """
    Lets code that asks for f32, by name or by default, compute in double precision. Hugging Face's transformers make frequencies, angles, norms and
    routing in f32, whatever the model is in.
    """
    single = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    with (
        mock.patch.object(torch, "float", torch.float64),
        mock.patch.object(torch, "float32", torch.float64),
        mock.patch.object(torch.Tensor, "float", torch.Tensor.double),
    ):
        try:
            yield
        finally:
            torch.set_default_dtype(single)
