"""The model file: plain arrays, and nothing that could run.

Takes a path, returns `Weights`, and their bytes: the same weights give the same bytes.  Knows nothing of texts,
of how weights are learnt, or of what is done with them.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cc_categorise.categorise.vectors import STATES
from cc_categorise.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.floating[Any]]

FORMAT = 3
"""Rises when an older program could not score a newer file, or the other way round."""

_ARRAYS = ("weights", "bias", "idf", "vector_weights", "vector_bias", "piece_idf", "hidden", "hidden_bias", "gate")
_AGAIN = "learn it again: cc-categorise learn EXPORT... --save FILE"


class Calibration(NamedTuple):
    """How scores become a confidence."""

    temperature: float  # divides the scores before they become probabilities
    review_below: float  # confidence below which a person has to look


@dataclass(frozen=True, slots=True, repr=False)
class Weights:
    """A model."""

    codes: tuple[str, ...]  # categories, in the order of the columns
    features: tuple[str, ...]  # the vocabulary, in the order of the rows
    weights: Matrix  # logits (features x categories)
    bias: Matrix  # logits (categories)
    idf: Matrix  # how telling each feature is by its rarity (features)
    vector_weights: Matrix  # logits (width of a sentence vector x categories)
    vector_bias: Matrix  # logits (categories)
    pieces: str  # pieces of words that sentence vectors are made of, in the order of their numbers; a text of lines
    piece_idf: Matrix  # how telling each piece is by its rarity, 0 to 1 (pieces)
    hidden: Matrix  # what sentence vectors look for in a piece (states x width)
    hidden_bias: Matrix  # from where on it counts (width)
    gate: Matrix  # what makes a piece count more than others of its text (width)
    lexical: Calibration  # calibration without sentence vectors
    both: Calibration  # calibration with them
    about: dict[str, Any]  # where the model comes from, for a person


def shipped_model() -> Path:
    """Give the path of the model that is shipped."""
    return Path(__file__).parent / "model.npz"


def read_model(path: Path | None = None) -> Weights:
    """Read a model; without a path, the one that is shipped.

    Raises:
        ModelError: The file is no model, was damaged, or is of another format.
    """
    import numpy as np  # noqa: PLC0415 - only reading text needs it

    own = path or shipped_model()
    try:
        with own.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            head = json.loads(bytes(stored["head"]))
            if head["format"] != FORMAT:
                message = f"the model is of format {head['format']!s:.9}, and this program reads format {FORMAT}"
                raise ModelError(message, where=str(own), hint=_AGAIN)
            arrays = {name: stored[name].astype(np.float32) for name in _ARRAYS}
            texts = {name: bytes(stored[name]).decode() for name in ("features", "pieces")}
        weights = Weights(
            codes=tuple(head["codes"]),
            features=tuple(texts["features"].split("\n")),
            pieces=texts["pieces"],
            lexical=Calibration(*head["lexical"]),
            both=Calibration(*head["both"]),
            about=head["about"],
            **arrays,
        )
    except FileNotFoundError:
        raise ModelError("there is no such model file", where=str(own), hint="check the path") from None
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        raise ModelError("this is no model file, or it was damaged", where=str(own), hint=_AGAIN) from None
    if not _fits(weights):
        raise ModelError("the arrays of the model do not fit each other", where=str(own), hint=_AGAIN)
    return weights


def _fits(model: Weights) -> bool:
    k, n, width = len(model.codes), len(model.features), len(model.vector_weights)
    shapes = {"weights": (n, k), "bias": (k,), "idf": (n,), "vector_weights": (width, k), "vector_bias": (k,)}
    shapes |= {"piece_idf": (model.pieces.count("\n") + 1,), "hidden": (STATES, width)}
    shapes |= {"hidden_bias": (width,), "gate": (width,)}
    return all(getattr(model, name).shape == shape for name, shape in shapes.items())


def model_bytes(model: Weights) -> bytes:
    """Give the content of a model's file; the same model gives the same bytes."""
    import numpy as np  # noqa: PLC0415

    head = {
        "format": FORMAT,
        "codes": model.codes,
        "lexical": model.lexical,
        "both": model.both,
        "about": model.about,
    }
    texts = {"head": json.dumps(head, sort_keys=True), "features": "\n".join(model.features), "pieces": model.pieces}
    arrays = {name: getattr(model, name).astype(np.float16) for name in _ARRAYS}
    arrays |= {name: np.frombuffer(text.encode(), dtype=np.uint8) for name, text in texts.items()}
    content = BytesIO()
    np.savez_compressed(content, **arrays)  # of numbers alone; before numpy 2.1 an option would be stored as one more
    return content.getvalue()
