"""GOV.UK's inputs as we use them: bold questions, no empty hints, nothing the browser prefills."""

from typing import Any

from flask import render_template
from govuk_frontend_wtf import wtforms_widgets as gov
from markupsafe import Markup

_Params = dict[str, Any]


def _tidied(params: _Params) -> _Params:
    """Without an empty hint, and with the question in bold."""
    if not (params.get("hint") or {}).get("text"):
        params.pop("hint", None)
    if "label" in params:
        params["label"].setdefault("classes", "govuk-label--s")
    if "fieldset" in params:
        params["fieldset"]["legend"].setdefault("classes", "govuk-fieldset__legend--s")
    return params


class TextInput(gov.GovTextInput):  # type: ignore[misc]  # these widgets have no types
    """One line of text, as wide as it is likely to be."""

    def __init__(self, classes: str = "", **attributes: str) -> None:
        super().__init__()
        self.classes = classes
        self.attributes = attributes

    def map_gov_params(self, field: Any, **kwargs: Any) -> _Params:
        params = super().map_gov_params(field, **kwargs)
        params |= {"classes": self.classes, "autocomplete": "off", "spellcheck": False}
        return _tidied(params | self.attributes)


class PasswordInput(gov.GovPasswordInput):  # type: ignore[misc]
    """A password; `autocomplete` tells the password manager which."""

    def __init__(self, autocomplete: str) -> None:
        super().__init__()
        self.autocomplete = autocomplete

    def map_gov_params(self, field: Any, **kwargs: Any) -> _Params:
        params: _Params = super().map_gov_params(field, **kwargs)
        return _tidied(params | {"autocomplete": self.autocomplete})


class CountedTextInput(gov.GovCharacterCount):  # type: ignore[misc]
    """Lines of text; with JavaScript it says how many letters are left."""

    def __init__(self, most: int, rows: int) -> None:
        super().__init__()
        self.sizes = {"maxlength": most, "rows": rows}

    def map_gov_params(self, field: Any, **kwargs: Any) -> _Params:
        params: _Params = super().map_gov_params(field, **kwargs)
        # said only near the end: a count from the first letter on presses people to be short
        return _tidied(params | self.sizes | {"threshold": 75})


class RadioInput(gov.GovRadioInput):  # type: ignore[misc]
    """One of a few, none of them chosen."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> _Params:
        params = _tidied(super().map_gov_params(field, **kwargs))
        for item in params["items"]:
            if hint := getattr(field, "hints", {}).get(item["value"]):
                item["hint"] = {"text": hint}
        return params


class CheckboxesInput(gov.GovCheckboxesInput):  # type: ignore[misc]
    """Any of a few."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> _Params:
        return _tidied(super().map_gov_params(field, **kwargs))


class CheckboxInput(gov.GovCheckboxInput):  # type: ignore[misc]
    """One box to tick."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> _Params:
        return _tidied(super().map_gov_params(field, **kwargs))


class SelectInput(gov.GovSelect):  # type: ignore[misc]
    """One of a list."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> _Params:
        return _tidied(super().map_gov_params(field, **kwargs))


class PartsInput:
    """Several small boxes side by side, one question: a date, or a date and a time."""

    def __init__(self, *parts: tuple[str, int]) -> None:
        self.parts = parts

    def __call__(self, field: Any, **_kwargs: Any) -> Markup:
        params: _Params = {
            "id": f"{field.id}-parts",
            "fieldset": {"legend": {"text": field.label.text}, "role": "group"},
            "hint": {"text": field.description},
            "items": [self._part(field, number) for number in range(len(self.parts))],
        }
        if field.errors:
            params["errorMessage"] = {"text": field.errors[0]}
        return Markup(render_template("govuk_frontend_wtf/date.html", params=_tidied(params)))  # noqa: S704

    def _part(self, field: Any, number: int) -> _Params:
        name, width = self.parts[number]
        wrong = " govuk-input--error" if field.errors else ""
        part: _Params = {
            # the error summary leads to the first box
            "id": field.id if number == 0 else f"{field.id}-{name.lower()}",
            "name": field.name,
            "label": name,
            "classes": f"govuk-input--width-{width}{wrong}",
            "value": field.typed(number),
        }
        return part | ({"inputmode": "text"} if name == "Time" else {})
