"""The first page of a JSON API as a sample."""

from urllib.parse import urlsplit, urlunsplit

import httpx

from redflags.adapters.sources.apis.json_records import parsed
from redflags.adapters.sources.profiling.json_sample import sample_of_document
from redflags.adapters.sources.profiling.read_samples import Looked
from redflags.errors import SourceRefused, SourceUnavailable, UsageError

TIMEOUT_SECONDS, MOST_BYTES = 30.0, 32 << 20


def samples_of_server(address: str, token: str = "") -> Looked:
    """What the server answers to one GET. Nothing of the address' query goes into the sample.

    Raises UsageError when the address holds a password, SourceError when the answer is no use.
    """
    parts = urlsplit(address)
    if parts.username or parts.password:
        raise UsageError("expected an address without a password; use --token-env for a token")
    base, _, resource = parts.path.rstrip("/").rpartition("/")
    document = parsed(_answer(address, token))
    url = urlunsplit((parts.scheme, parts.netloc, base, "", ""))
    sample = sample_of_document(document, resource or "/", url=url)
    if sample is None:
        raise SourceRefused("expected a list of JSON objects; the answer holds none")
    return Looked((sample,), ())


def _answer(address: str, token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with httpx.stream("GET", address, headers=headers, timeout=TIMEOUT_SECONDS) as answer:
            if answer.status_code != httpx.codes.OK:
                raise SourceRefused(f"expected an answer; status {answer.status_code} came")
            return _limited(answer)
    except httpx.TransportError as error:
        raise SourceUnavailable(f"expected an answer; {type(error).__name__} came") from None


def _limited(answer: httpx.Response) -> bytes:
    data = b""
    for chunk in answer.iter_bytes():
        data += chunk
        if len(data) > MOST_BYTES:
            raise SourceRefused(f"expected a page; more than {MOST_BYTES >> 20} MB came")
    return data
