"""YAML files read strictly: the one loader of the package, and errors that name file, line and key.

Takes a path or a text, returns plain values, or a pydantic model with the fingerprint of the file's bytes.
Knows nothing of what the keys of any file mean.  No message quotes a value: a path given by mistake may lead
to an export.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections.abc import Hashable, Iterator, Mapping
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cc_categorise.errors import CategoriseError, SchemeError

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML was built without libyaml: slower, and the same answers
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Model = TypeVar("Model", bound=BaseModel)

_N_SHOWN = 10
_NOT_FITTING = (ValueError, TypeError, KeyError, IndexError, AttributeError)
_DEEPEST = 400
_BOOL, _INT, _STR = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:int", "tag:yaml.org,2002:str"
_QUOTES = "put it in quotes"
_YAML_HINT = "check brackets, quotes and indents on this line and the one before; put text that holds ': ' in quotes"


def _shown(key: str, *, quoted: bool = False) -> str:
    """Show a key if it looks like one: an export given in place of a profile has text where keys belong."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,39}|[0-9]{1,4}", key):
        return repr(key) if quoted else key
    return "(not shown)"


class _StrictLoader(_SafeLoader):
    """Plain values only, no key twice, and words such as `no` left as words."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - PyYAML's own signature
        # Nearly all is text, which needs none of PyYAML's machinery: half the time of a load.
        is_text = node.tag == _STR and isinstance(node, yaml.ScalarNode)
        return node.value if is_text else super().construct_object(node, deep)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        seen: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # PyYAML itself refuses it, with the line
            if key.value in seen:
                first = f"first on line {seen[key.value]}"
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {_shown(key.value, quoted=True)} stands twice, {first}", key.start_mark
                )
            seen[key.value] = key.start_mark.line + 1
        return super().construct_mapping(node, deep=deep)


def _leave_words_alone() -> None:
    """Take YAML 1.1's surprises out: `no` is not false, `010` is not eight, `1:30` is not ninety."""
    kept = {
        first: [(tag, form) for tag, form in forms if tag not in (_BOOL, _INT)]
        for first, forms in _SafeLoader.yaml_implicit_resolvers.items()
    }
    _StrictLoader.yaml_implicit_resolvers = kept
    _StrictLoader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
    _StrictLoader.add_implicit_resolver(_INT, re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))


_leave_words_alone()


def parse_yaml(text: str, file: str, error_class: type[CategoriseError] = SchemeError) -> dict[str, Any]:
    """Parse a text whose top level is keys and values.

    Raises:
        CategoriseError: Of ``error_class``: not YAML, a key stands twice, or the top level is something else.
    """
    if _is_deep(text):  # libyaml would not raise: it would bring the interpreter down
        raise error_class("lists or keys are nested too deep", where=file, hint=_YAML_HINT)
    try:
        tree = yaml.load(text, Loader=_StrictLoader)  # noqa: S506, TID251 - a SafeLoader, in the one place that loads
    except yaml.MarkedYAMLError as problem:
        raise _syntax_error(problem, file, error_class) from None  # the cause shows the line's text
    except yaml.YAMLError as problem:
        before = text.encode("utf-8", "replace")[: getattr(problem, "position", 0)]
        where = f"{file}:{len(before.splitlines()) or 1}"
        hint = "save the file as UTF-8 text without control characters"
        raise error_class("a character stands here that YAML does not allow", where=where, hint=hint) from None
    except _NOT_FITTING:
        # An explicit tag or an impossible day: PyYAML lets the bare error of int() or date() through.
        hint = f"look for a day that does not exist, such as 2022-02-30, or a tag such as !!int; or {_QUOTES}"
        raise error_class("a value is not what its form or tag says", where=file, hint=hint) from None
    if not isinstance(tree, dict):
        what = "nothing" if tree is None else "something else"
        hint = "the file needs lines such as 'schema_version: 1'"
        raise error_class(f"keys and values are needed at the top level, and {what} was found", where=file, hint=hint)
    return tree


def _is_deep(text: str) -> bool:
    """Say whether lists or keys may be nested too deep for libyaml; brackets within quotes are taken for real ones."""
    if "- " * _DEEPEST in text:
        return True
    if text.count("[") + text.count("{") <= _DEEPEST:  # nearly every file, and many times faster
        return False
    return max(accumulate(1 if sign in "[{" else -1 for sign in re.findall(r"[][{}]", text))) > _DEEPEST


def _syntax_error(problem: yaml.MarkedYAMLError, file: str, error_class: type[CategoriseError]) -> CategoriseError:
    mark = problem.problem_mark or problem.context_mark
    where = f"{file}:{mark.line + 1}" if mark else file
    words = problem.problem or "this is not YAML"
    if words.startswith("the key "):
        return error_class(words, where=where, hint="keep one of the two")
    if "character that cannot start any token" in words:
        return error_class(f"not valid YAML: {words}", where=where, hint="indent with spaces, never with tabs")
    unquoted = re.sub(r" ?'[^']{2,}'", "", words)  # an anchor or a tag, as written in the file
    return error_class(f"not valid YAML: {unquoted}", where=where, hint=_YAML_HINT)


def shipped_files(folder: str) -> dict[str, Path]:
    """Give the YAML files of a folder of the package, by name."""
    return {path.stem: path for path in sorted(Path(__file__).with_name(folder).glob("*.yaml"))}


def file_or_shipped(
    name: str | Path, shipped: Mapping[str, Path], error_class: type[CategoriseError], what: str
) -> Path:
    """Give the file of a name, else the shipped one that is called so; a path with folders is never that.

    Raises:
        CategoriseError: Of ``error_class``: there is neither.
    """
    if os.path.exists(name) or Path(name).name != str(name):  # noqa: PTH110 - Path.exists raises on a name too long
        return Path(name)
    if str(name) not in shipped:
        message = f"there is no such {what} file, and none of that name is shipped"
        raise error_class(message, where=str(name), hint="check the path; shipped are " + ", ".join(shipped))
    return shipped[str(name)]


def read_yaml_model(
    path: Path | Traversable, model_class: type[Model], error_class: type[CategoriseError], what: str
) -> tuple[Model, str]:
    """Read a YAML file into a model; give the SHA-256 of the file's bytes, too.

    Raises:
        CategoriseError: Of ``error_class``: the file cannot be read, is not YAML, or breaks a rule of the
            model; every broken rule is named with its line, as far as ten.
    """
    content = _bytes_of(path, error_class, what)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise error_class(f"the {what} is not UTF-8 text", where=str(path), hint="save it as UTF-8 text") from None
    tree = parse_yaml(text, str(path), error_class)
    try:
        model = model_class.model_validate(tree)
    except ValidationError as err:
        problems = list(_problems(err, text, str(path), model_class))
        raise _joined(problems, error_class) from None  # the cause quotes values
    return model, hashlib.sha256(content).hexdigest()


def _bytes_of(path: Path | Traversable, error_class: type[CategoriseError], what: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise error_class(f"there is no such {what} file", where=str(path), hint="check the path") from None
    except IsADirectoryError:
        hint = "name the file itself"
        raise error_class(f"a folder stands where the {what} file belongs", where=str(path), hint=hint) from None
    except OSError as err:
        reason = err.strerror or "it cannot be opened"
        hint = "check its permissions"
        raise error_class(f"the {what} cannot be read: {reason}", where=str(path), hint=hint) from None


_Problem = tuple[str, str, str]
"""Where, message and hint."""


def _joined(problems: list[_Problem], error_class: type[CategoriseError]) -> CategoriseError:
    (where, message, _), *others = problems[:_N_SHOWN]
    lines = [message, *(f"{place}: {what}" for place, what, _ in others)]
    if len(problems) > _N_SHOWN:
        lines.append(f"and {len(problems) - _N_SHOWN} more")
    hints = dict.fromkeys(hint for _, _, hint in problems[:_N_SHOWN] if hint)
    return error_class("\n".join(lines), where=where, hint="; ".join(hints))


def _problems(err: ValidationError, text: str, file: str, model_class: type[BaseModel]) -> Iterator[_Problem]:
    # Composed a second time, and only now: nodes know their lines, and a good file need not pay for them.
    root = yaml.compose(text, Loader=_StrictLoader)
    lines = [(_line_of(root, error["loc"]), error) for error in err.errors(include_url=False)]
    # A misspelt key comes before the key that is missing because of it.
    for line, error in sorted(lines, key=lambda each: (each[0], each[1]["type"] == "missing")):
        path = _path_of(error)
        yield f"{file}:{line}: {path}" if path else file, *_in_plain_words(error, model_class)


def _path_of(error: ErrorDetails) -> str:
    """Write where a key stands; items of a list are numbered from 1, as lines are."""
    *above, last = error["loc"] or ("",)
    parts = [*above, str(last)] if error["type"] == "invalid_key" else error["loc"]
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{_shown(part)}" for part in parts).removeprefix(".")


def _line_of(root: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """Give the line of a key, or of the nearest one above it that is there."""
    node, line = root, 0
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                break
            node, line = found[1], found[0].start_mark.line
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        else:
            break
    return line + 1


_KEYS = "keys and values are needed", "write lines such as 'title: Other', indented alike"
_CHOICE = "this is none of the values that are allowed", "write {expected}"
_LIST = "a list is needed", "write [one, two], or one item a line, each after a hyphen"
_DATE = "a date is needed", "write it as 2022-11-02"
_DATES = ("date_from_datetime_inexact", "date_from_datetime_parsing", "date_parsing", "date_type")
_PLAIN_WORDS = {
    **dict.fromkeys(_DATES, _DATE),
    **dict.fromkeys(("int_from_float", "int_parsing", "int_type"), ("a whole number is needed", "")),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type"), _KEYS),
    **dict.fromkeys(("list_type", "tuple_type"), _LIST),
    **dict.fromkeys(("enum", "literal_error"), _CHOICE),
    "greater_than_equal": ("this must be at least {ge}", ""),
    "invalid_key": ("a key must be text, and YAML reads this one as something else", _QUOTES),
    "less_than_equal": ("this must be at most {le}", ""),
    "missing": ("this key is missing", ""),
    "string_pattern_mismatch": ("this is not in the form of a code", "small letters, single hyphens between words"),
    "string_too_long": ("this is longer than {max_length} characters", ""),
    "string_too_short": ("this must not be empty", ""),
    "too_short": ("the list must not be empty", ""),
}
"""What pydantic's kinds of error mean to a person, and what to do."""


def _in_plain_words(error: ErrorDetails, model_class: type[BaseModel]) -> tuple[str, str]:
    """Say what is wrong, and what to do, without the value."""
    if error["type"] == "extra_forbidden":
        known = list(_keys_known_at(model_class, error["loc"]))
        near = difflib.get_close_matches(str(error["loc"][-1]), known, n=1)
        return "there is no such key", f"did you mean {near[0]!r}?" if near else "keys: " + ", ".join(known)
    if error["type"] == "string_type":
        return _not_text(error["input"])
    message, hint = _PLAIN_WORDS.get(error["type"], ("{message}", ""))
    values = {**error.get("ctx", {}), "message": error["msg"]}
    return message.format_map(values), hint.format_map(values)


def _not_text(value: object) -> tuple[str, str]:
    if value is None:
        return "text is needed, and this is empty", "fill it in, or remove the key"
    if isinstance(value, list | dict):
        return "text is needed, and this is a list or keys and values", "write it on one line, in quotes"
    kinds = ((bool, "true or false"), (int | float, "a number"), (date, "a date"))
    kind = next((name for of, name in kinds if isinstance(value, of)), "something else")
    return f"text is needed, and YAML reads this as {kind}", _QUOTES


def _keys_known_at(model_class: type[BaseModel], loc: tuple[int | str, ...]) -> Iterator[str]:
    here = model_class
    for part in loc[:-1]:
        if isinstance(part, str) and part in here.model_fields:
            here = _model_within(here.model_fields[part].annotation) or here
    return iter(here.model_fields)


def _model_within(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for arg in get_args(annotation) if (model := _model_within(arg))), None)
