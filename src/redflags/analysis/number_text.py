"""A sum of money as people write it, read only where one reading is possible.

A comma, a blank or an apostrophe is dropped where it can be nothing but a mark of thousands:
`12,50` and `1.234,56` are left unread, because a guess makes them a hundredfold.
"""

_BLANK = "[\\s\u00a0\u2007\u202f]"
_MINUS = "[-\u2010\u2011\u2012\u2013\u2212]"
_CURRENCY = "(?:\u00a3|GBP)?"
_THOUSANDS = "|".join(f"(?:{mark}[0-9]{{3}})+" for mark in (",", "[''\u2019]", _BLANK))
_DIGITS = f"(?:[1-9][0-9]{{0,2}}(?:{_THOUSANDS})(?:[.][0-9]*)?|[0-9]+(?:[.][0-9]*)?|[.][0-9]+)"
_SIGN = f"(?:{_MINUS}|[+])?"
_SUM = f"{_BLANK}*".join((_SIGN, _CURRENCY, _SIGN, _DIGITS, _CURRENCY, f"(?:{_MINUS}|CR|DR)?"))
_WRITTEN = f"(?i)^{_BLANK}*(?:{_SUM}|[(]{_BLANK}*{_SUM}{_BLANK}*[)]){_BLANK}*$"
_CREDIT = f"(?i){_MINUS}|[(]|CR"
_PLAIN = "^-?[0-9]+([.][0-9]*)?([eE][+-]?[0-9]{1,2})?$"


def number_text(value: str) -> str:
    """SQL: the number in the SQL text `value` as digits with a point, null when it is none.

    Negative are `-45`, `(45.00)`, `45.00-`, `£-45.00` and `45.00CR`.
    """
    sign = f"CASE WHEN regexp_matches({value}, {_quoted(_CREDIT)}) THEN '-' ELSE '' END"
    digits = f"regexp_replace({value}, '[^0-9.]', '', 'g')"
    return (
        f"CASE WHEN regexp_matches({value}, '{_PLAIN}') THEN {value} "
        f"WHEN regexp_matches({value}, {_quoted(_WRITTEN)}) THEN {sign} || {digits} END"
    )


def _quoted(pattern: str) -> str:
    return "'" + pattern.replace("'", "''") + "'"
