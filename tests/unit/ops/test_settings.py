import os
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from schemas.teaser import TeaserKind
from worker.ops.exits import ConfigurationError
from worker.ops.loading import FIELDS, load, origins, variables
from worker.ops.names import Stage

BOOTSTRAP = {"NEWSWORKER_KAFKA_BOOTSTRAP": "kafka:9092"}
PASSWORD = "unter-der-matte"
SECRETS = ("kafka_sasl_password", "kafka_oauth_client_secret")


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    for name in [name for name in os.environ if name.upper().startswith("NEWSWORKER_")]:
        monkeypatch.delenv(name)


def loaded(monkeypatch, given=None, **environment):
    for name, value in (BOOTSTRAP | environment).items():
        monkeypatch.setenv(name, value)
    return load(given)


def refusal(monkeypatch, **environment):
    with pytest.raises(ConfigurationError) as caught:
        loaded(monkeypatch, **environment)
    return str(caught.value)


def test_the_broker_is_all_that_must_be_named(monkeypatch):
    """One variable is enough to start, the rest has defaults."""
    settings = loaded(monkeypatch)

    assert (Stage.SPLIT, Stage.DEDUPE) == settings.stages
    assert settings.http_address == ("0.0.0.0", 9102)
    assert settings.limits.max_page_bytes == 5_000_000


def test_a_missing_broker_is_named_with_an_example():
    """Without a broker the message says which variable is missing and shows a good value."""
    with pytest.raises(ConfigurationError, match=r"NEWSWORKER_KAFKA_BOOTSTRAP is missing.*kafka-1:9092"):
        load()


def test_the_command_line_wins_over_environment_over_file(monkeypatch, tmp_path):
    """The same setting in three places has the value of the strongest one."""
    file = tmp_path / "settings.toml"
    file.write_text('app_id = "file"\nenvironment = "file"\ntopic_prefix = "file."\n')
    environment = {
        "NEWSWORKER_CONFIG": str(file),
        "NEWSWORKER_APP_ID": "environment",
        "NEWSWORKER_ENVIRONMENT": "environment",
    }

    settings = loaded(monkeypatch, {"app_id": "line", "environment": None}, **environment)

    assert (settings.app_id, settings.environment, settings.topic_prefix) == ("line", "environment", "file.")
    found = {origin.setting: origin.source for origin in origins(settings, {"app_id": "line"})}
    assert found["app_id"] == "command line"
    assert found["environment"] == "environment"
    assert found["topic_prefix"] == f"file {file}"
    assert found["stages"] == "default"


def test_lists_are_separated_by_commas(monkeypatch):
    """Kinds and stages are plain lists, spaces do not matter, and an empty list is possible."""
    some = loaded(monkeypatch, NEWSWORKER_DROP_KINDS="sponsored, popular", NEWSWORKER_STAGES="split")
    none = loaded(monkeypatch, NEWSWORKER_DROP_KINDS="")

    assert (TeaserKind.SPONSORED, TeaserKind.POPULAR) == some.drop_kinds
    assert (Stage.SPLIT,) == some.stages
    assert () == none.drop_kinds


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEWSWORKER_KAFKA_BOOTSTRAP", "kafka"),
        ("NEWSWORKER_KAFKA_BOOTSTRAP", "kafka:0"),
        ("NEWSWORKER_HTTP_BIND", "9102"),
        ("NEWSWORKER_HTTP_BIND", "host:70000"),
        ("NEWSWORKER_STAGES", "split,splat"),
        ("NEWSWORKER_STAGES", "split,split"),
        ("NEWSWORKER_STAGES", ""),
        ("NEWSWORKER_GUARANTEE", "twice"),
        ("NEWSWORKER_MAX_PAGE_BYTES", "5e6"),
        ("NEWSWORKER_MAX_TEASERS", "0"),
        ("NEWSWORKER_COMMIT_INTERVAL_SECONDS", "nan"),
        ("NEWSWORKER_DRAIN_SECONDS", "-1"),
        ("NEWSWORKER_LOG_LEVEL", "loud"),
        ("NEWSWORKER_DECISIONS", "perhaps"),
        ("NEWSWORKER_SITES", "Example.org/path"),
        ("NEWSWORKER_APP_ID", "a b"),
    ],
)
def test_a_bad_value_is_told_by_name_value_and_example(monkeypatch, name, value):
    """Whoever reads the message knows what to change, from what, to what."""
    message = refusal(monkeypatch, **{name: value})

    assert f"{name}={value}: " in message
    assert f"Example: {name}=" in message


def test_an_unknown_name_is_a_typo(monkeypatch):
    """A name that means nothing stops the start and the nearest one is offered."""
    message = refusal(monkeypatch, NEWSWORKER_STAGE="split")

    assert message == "NEWSWORKER_STAGE: there is no such setting; did you mean NEWSWORKER_STAGES?"


def test_an_unknown_name_in_the_file_is_a_typo(monkeypatch, tmp_path):
    """The file is held to the same names as the environment."""
    file = tmp_path / "settings.toml"
    file.write_text('app_ids = "x"\n')

    assert "unknown setting app_ids; did you mean app_id?" in refusal(monkeypatch, NEWSWORKER_CONFIG=str(file))


@pytest.mark.parametrize("content", [None, "= broken", b"\xff"])
def test_a_file_that_can_not_be_read_is_named(monkeypatch, tmp_path, content):
    """A missing or broken settings file stops the start with its path."""
    file = tmp_path / "settings.toml"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    assert str(file) in refusal(monkeypatch, NEWSWORKER_CONFIG=str(file))


def sasl(**more):
    return {
        "NEWSWORKER_KAFKA_SECURITY": "SASL_SSL",
        "NEWSWORKER_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
        "NEWSWORKER_KAFKA_SASL_USERNAME": "worker",
    } | more


def test_a_secret_comes_from_its_file(monkeypatch, tmp_path):
    """A mounted secret is read without its line end, and nothing that is shown holds it."""
    file = tmp_path / "password"
    file.write_text("tulip\n")

    settings = loaded(monkeypatch, **sasl(NEWSWORKER_KAFKA_SASL_PASSWORD_FILE=str(file)))

    assert settings.kafka_sasl_password == SecretStr("tulip")
    shown = [origin for origin in origins(settings) if origin.setting == "kafka_sasl_password"]
    assert [(origin.value, origin.source) for origin in shown] == [("***", f"file {file}")]
    assert "tulip" not in repr(settings) + settings.model_dump_json()


def test_a_missing_secret_names_variable_and_path(monkeypatch, tmp_path):
    """A secret that is not mounted stops the start with both names."""
    message = refusal(monkeypatch, **sasl(NEWSWORKER_KAFKA_SASL_PASSWORD_FILE=str(tmp_path / "none")))

    assert message.startswith("NEWSWORKER_KAFKA_SASL_PASSWORD_FILE: can't read ")
    assert str(tmp_path / "none") in message


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"NEWSWORKER_ENVIRONMENT": "prod"}, "NEWSWORKER_KAFKA_SECURITY"),
        ({"NEWSWORKER_DEDUPE_TTL_HOURS": "700"}, "NEWSWORKER_DEDUPE_TTL_HOURS"),
        ({"NEWSWORKER_KAFKA_SECURITY": "SASL_SSL"}, "NEWSWORKER_KAFKA_SASL_MECHANISM"),
        (sasl(), "NEWSWORKER_KAFKA_SASL_PASSWORD_FILE"),
        (sasl(NEWSWORKER_KAFKA_SASL_MECHANISM="OAUTHBEARER"), "NEWSWORKER_KAFKA_OAUTH_TOKEN_FILE"),
        ({"NEWSWORKER_KAFKA_SASL_MECHANISM": "PLAIN"}, "NEWSWORKER_KAFKA_SASL_MECHANISM"),
        ({"NEWSWORKER_KAFKA_CA_FILE": "/ca.pem"}, "NEWSWORKER_KAFKA_CA_FILE"),
        ({"NEWSWORKER_KAFKA_SECURITY": "SSL", "NEWSWORKER_KAFKA_CERT_FILE": "/c.pem"}, "NEWSWORKER_KAFKA_KEY_FILE"),
        ({"NEWSWORKER_KAFKA_SECURITY": "SSL", "NEWSWORKER_KAFKA_CA_FILE": "/ca.pem"}, "NEWSWORKER_KAFKA_CA_FILE"),
    ],
)
def test_settings_that_do_not_fit_each_other_are_refused(monkeypatch, environment, named):
    """A combination that can't work or isn't safe stops the start by name."""
    assert refusal(monkeypatch, **environment).startswith(named)


@pytest.mark.parametrize("name", ["NEWSWORKER_KAFKA_OAUTH_TOKEN_URL", "NEWSWORKER_TRACES_URL"])
def test_an_address_with_a_login_is_refused_and_not_shown(monkeypatch, name):
    """Addresses are shown in logs and in /status, so one with a password is refused, without showing it."""
    told = refusal(monkeypatch, **{name: f"https://me:{PASSWORD}@login.example/token"})

    assert told.startswith(f"{name}=https://***@login.example/token: holds a login")
    assert PASSWORD not in told


def test_traces_without_their_extra_are_refused(monkeypatch):
    """The message names what to install."""
    monkeypatch.setattr("worker.ops.settings.find_spec", lambda _: None)

    assert "install newsworker[otel]" in refusal(monkeypatch, NEWSWORKER_TRACES_URL="http://collector:4318/v1/traces")


def test_production_may_be_plaintext_on_purpose(monkeypatch):
    """An installation that says so runs without encryption, and is told about its guarantee."""
    settings = loaded(monkeypatch, NEWSWORKER_ENVIRONMENT="prod", NEWSWORKER_ALLOW_PLAINTEXT="true")

    assert settings.is_production
    assert ["NEWSWORKER_GUARANTEE"] == [warning.split(" ", 1)[0] for warning in settings.warnings]


def test_every_setting_has_documentation_and_an_example():
    """The table in the docs and the messages of errors have something to say for each."""
    bare = [name for name, field in FIELDS.items() if not field.description or not field.examples]

    assert [] == bare


def test_every_example_is_a_good_value(monkeypatch):
    """What a message offers as an example is accepted, as far as it needs no file or partner."""
    alone = {
        variable: str(FIELDS[name].examples[0])
        for name, variable in variables().items()
        if not name.startswith("kafka_") and name != "environment"
    }

    assert loaded(monkeypatch, **alone).app_id == "newsworker"


TEXTS = st.text(string.printable + "äß漢\u202e\ufeff", max_size=40) | st.text(string.digits + ".-e,:", max_size=12)


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), TEXTS, max_size=5))
def test_any_environment_gives_settings_or_one_message(values):
    """Whatever the variables hold, the start goes on or stops with a message that names one, without secrets."""
    environment = {f"NEWSWORKER_{name.upper()}": value for name, value in values.items()}
    environment |= {f"NEWSWORKER_{name.upper()}": f"{PASSWORD}{values.get(name, '')}" for name in SECRETS}

    with pytest.MonkeyPatch.context() as patch:
        said = outcome(patch, environment)

    assert any(name in said for name in ["Settings", *variables().values()])
    assert PASSWORD not in said


def outcome(patch, environment):
    """Return what the settings or the message show."""
    try:
        return f"Settings {loaded(patch, **environment)!r}"
    except ConfigurationError as error:
        return str(error)
