import json
import re
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from schemas.base import ContractError, decode
from schemas.raw_page import RawPage
from worker.extract import split_page
from worker.extract.decode import decode_page
from worker.extract.errors import PageError
from worker.samples import Sample, sample_pages

FOLDER = files("worker.samples")
MANIFEST = [json.loads(line) for line in FOLDER.joinpath("manifest.jsonl").read_text(encoding="utf-8").splitlines()]
SAMPLES = list(sample_pages())
ENVELOPES = [sample for sample in SAMPLES if not sample.headers]
BARE = [sample for sample in SAMPLES if sample.headers]
NO_ENVELOPE = {"34-no-json", "35-no-body", "36-no-time"}


def named(samples: list[Sample]) -> list:
    return [pytest.param(sample, id=sample.id) for sample in samples]


def test_every_file_is_in_the_manifest_and_the_reverse():
    """The pages folder and the manifest name the same files."""
    listed = {entry["file"] for entry in MANIFEST if "file" in entry}

    assert {file.name for file in FOLDER.joinpath("pages").iterdir()} == listed


def test_ids_are_unique_and_in_feed_order():
    """The number that opens an id is its place in the feed."""
    numbers = [int(entry["id"].split("-")[0]) for entry in MANIFEST]

    assert list(range(1, len(MANIFEST) + 1)) == numbers


def test_every_address_is_reserved_for_examples():
    """No sample names a host that somebody could own."""
    hosts = [urlsplit(entry["url"]).hostname for entry in MANIFEST if entry.get("url")]

    assert [] == [host for host in hosts if not host.endswith(".example")]


@pytest.mark.parametrize("entry", [pytest.param(e, id=e["id"]) for e in MANIFEST if e.get("language")])
def test_pages_link_to_reserved_hosts_alone(entry):
    """Whatever a readable page links to or loads, its host is an example or a vocabulary's name."""
    text = FOLDER.joinpath("pages", entry["file"]).read_bytes().decode("latin-1")
    hosts = {urlsplit("//" + part.split('"')[0].split(" ")[0]).hostname for part in text.split("://")[1:]}
    vocabularies = {"schema.org", "www.w3.org", "ogp.me"}

    assert set() == {host for host in hosts - vocabularies if not host.endswith(".example")}


def test_samples_speak_eight_languages():
    """The good pages come in at least eight languages."""
    languages = {entry["language"] for entry in MANIFEST if entry["expect"] == "accepted"}

    assert {"ar", "de", "en", "es", "fr", "ja", "pl", "tr", "vi"} == languages


def test_there_are_at_least_25_good_pages_and_some_of_each_broken_kind():
    """Most samples are good pages; the broken ones are few and all different."""
    outcomes = [sample.expect for sample in SAMPLES]

    assert {"accepted", "rejected"} == set(outcomes)
    assert outcomes.count("accepted") >= 25
    assert outcomes.count("rejected") >= 8


def test_every_sample_says_what_it_shows():
    """Every note is a sentence of its own."""
    notes = [sample.note for sample in SAMPLES]

    assert [] == [note for note in notes if not note.endswith(".")]
    assert len(notes) == len(set(notes))


@pytest.mark.parametrize("sample", named([sample for sample in ENVELOPES if sample.id not in NO_ENVELOPE]))
def test_an_envelope_decodes_to_the_page_in_the_folder(sample):
    """An envelope carries the file's bytes, as text or as base64, whatever they are."""
    entry = next(entry for entry in MANIFEST if entry["id"] == sample.id)
    page = decode(RawPage, sample.value)
    body = page.body if isinstance(page.body, bytes) else page.body.encode()

    assert FOLDER.joinpath("pages", entry["file"]).read_bytes() == body
    assert (entry["url"], entry["source"], entry["content_type"]) == (page.url, page.source, page.content_type)


@pytest.mark.parametrize("sample", named(BARE))
def test_a_bare_body_names_its_page_in_the_headers(sample):
    """A bare body is the file's bytes, with type, time and source as headers."""
    entry = next(entry for entry in MANIFEST if entry["id"] == sample.id)

    assert FOLDER.joinpath("pages", entry["file"]).read_bytes() == sample.value
    assert entry["fetched_at"].encode() == dict(sample.headers)["fetched-at"]
    assert sample.key == dict(sample.headers).get("url")


@pytest.mark.parametrize("sample", named([sample for sample in SAMPLES if sample.id in NO_ENVELOPE]))
def test_a_broken_envelope_is_refused(sample):
    """The three broken envelopes are no RawPage, and the refusal says of what."""
    with pytest.raises(ContractError, match="RawPage"):
        decode(RawPage, sample.value)


def test_reading_twice_gives_the_same_records():
    """The same samples come out at each reading, byte for byte."""
    assert SAMPLES == list(sample_pages())


def test_a_recrawl_differs_in_bytes_but_not_in_text():
    """The re-crawled ferry page has other frame bytes around the same article."""
    first, again = (s.value for s in SAMPLES if s.id in {"01-nordlicht-faehre", "16-nordlicht-faehre-again"})
    paragraph = "Das neue Schiff bietet 180 Fahrgästen und zwölf Autos Platz.".encode()

    assert first != again
    assert (1, 1) == (first.count(paragraph), again.count(paragraph))


def test_the_page_delivered_twice_is_the_same_record():
    """The last sample repeats the dike page with key and value unchanged."""
    dike = next(sample for sample in SAMPLES if sample.id == "22-nordlicht-deich")

    assert (dike.key, dike.value, dike.headers) == (SAMPLES[-1].key, SAMPLES[-1].value, SAMPLES[-1].headers)


GOLDEN = sorted(Path(__file__).parents[2].joinpath("golden", "cases").iterdir())


def test_a_golden_case_of_a_sample_is_of_the_one_that_its_note_names():
    """Ten cases read the page of a sample, the one that their notes speak of."""
    noted = {
        folder.name: match[1]
        for folder in GOLDEN
        if (match := re.search(r"the sample `([^`]+)`", folder.joinpath("NOTE.md").read_text(encoding="utf-8")))
    }
    taken = {
        folder.name: told["sample"]
        for folder in GOLDEN
        if "sample" in (told := json.loads(folder.joinpath("page.json").read_text(encoding="utf-8")))
    }

    assert len(taken) == 10
    assert noted == taken


def test_a_page_in_another_charset_than_declared_is_read_as_what_it_is():
    """The page that calls itself UTF-8 and is windows-1252 comes out with its accents, nothing replaced."""
    sample = next(sample for sample in SAMPLES if sample.id == "23-lavallee-ligne-train")
    text = decode_page(decode(RawPage, sample.value)).text

    assert text.count("\ufffd") == 0
    assert "À partir du 13 décembre, le premier partira à 5 h 52." in text


REASONS = {
    "12-leer": "empty",
    "18-bild": "not_text",
    "21-meridiano-shell": "no_content",
    "31-nest": "too_complex",
    "33-abgerissen": "bad_encoding",
}


def raw_page(sample: Sample) -> RawPage:
    if not sample.headers:
        return decode(RawPage, sample.value)
    fields = {name.replace("-", "_"): value.decode() for name, value in sample.headers}
    return RawPage(body=sample.value, **fields)


@pytest.mark.parametrize("sample", named([sample for sample in SAMPLES if sample.id in REASONS]))
def test_a_broken_page_is_refused_for_its_own_reason(sample):
    """Each broken page whose envelope is sound has a reason of its own."""
    with pytest.raises(PageError) as refused:
        split_page(raw_page(sample))

    assert REASONS[sample.id] == refused.value.reason


def test_every_rejected_sample_is_covered():
    """A broken sample is either no envelope or refused for a reason that is named here."""
    rejected = {sample.id for sample in SAMPLES if sample.expect == "rejected"}

    assert NO_ENVELOPE | set(REASONS) == rejected
