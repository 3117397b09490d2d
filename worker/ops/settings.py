"""Settings: the one place that reads the environment.

Order: command line, environment, file (``NEWSWORKER_CONFIG``, TOML), default. ``NEWSWORKER_X_FILE`` reads
the value of X from a file. A wrong or unknown setting stops the start with its name, value and an example.
"""

import os
from collections.abc import Iterator
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from schemas.teaser import TeaserKind
from worker.ops.names import ENV_PREFIX, Guarantee, Stage
from worker.ops.sources import CONFIG_VARIABLE, FileSource
from worker.ops.values import KindList, Name, Seconds, SiteList, StageList, address, addresses, open_url

if TYPE_CHECKING:
    from worker.extract.limits import Limits


class Settings(BaseSettings):
    """Everything that an installation may set. Values are checked; relations between them too."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    kafka_bootstrap: Annotated[str, AfterValidator(addresses)] = Field(examples=["kafka-1:9092,kafka-2:9092"])
    """Brokers to begin with: host:port, comma separated."""

    kafka_security: Literal["PLAINTEXT", "SSL", "SASL_SSL", "SASL_PLAINTEXT"] = Field(
        default="PLAINTEXT", examples=["SASL_SSL"]
    )
    """How to talk to the brokers. ``SASL_PLAINTEXT`` works with a warning: it shows events to the network."""

    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] | None = Field(
        default=None, examples=["SCRAM-SHA-512"]
    )
    """How to prove who we are, with ``SASL_SSL`` or ``SASL_PLAINTEXT``. ``SCRAM-SHA-512`` is preferred."""

    kafka_sasl_username: str | None = Field(default=None, examples=["newsworker"])
    """The user, for ``PLAIN`` and ``SCRAM``."""

    kafka_sasl_password: SecretStr | None = Field(default=None, examples=["(in NEWSWORKER_KAFKA_SASL_PASSWORD_FILE)"])
    """Its password; give it by ``NEWSWORKER_KAFKA_SASL_PASSWORD_FILE``."""

    kafka_ca_file: Path | None = Field(default=None, examples=["/etc/newsworker/ca.pem"])
    """Certificates that brokers are checked against, PEM; without it the system's. Host names are always checked."""

    kafka_cert_file: Path | None = Field(default=None, examples=["/etc/newsworker/worker.pem"])
    """Our certificate for mutual TLS, PEM. Read again at each connection when it changed."""

    kafka_key_file: Path | None = Field(default=None, examples=["/etc/newsworker/worker.key"])
    """Its private key, PEM, without a passphrase."""

    kafka_oauth_token_file: Path | None = Field(default=None, examples=["/var/run/secrets/kafka/token"])
    """A file with a bearer token for ``OAUTHBEARER``, read at each connection (a projected token of Kubernetes)."""

    kafka_oauth_token_url: Annotated[str | None, AfterValidator(open_url)] = Field(
        default=None, examples=["https://login.example.org/oauth2/token"]
    )
    """Where to get a bearer token by client credentials, instead of from a file."""

    kafka_oauth_client_id: str | None = Field(default=None, examples=["newsworker"])
    """The client, with the token address."""

    kafka_oauth_client_secret: SecretStr | None = Field(
        default=None, examples=["(in NEWSWORKER_KAFKA_OAUTH_CLIENT_SECRET_FILE)"]
    )
    """Its secret; give it by ``NEWSWORKER_KAFKA_OAUTH_CLIENT_SECRET_FILE``."""

    kafka_oauth_scope: str | None = Field(default=None, examples=["kafka"])
    """The scope to ask for; without it none is named."""

    allow_plaintext: bool = Field(default=False, examples=["true"])
    """Allow ``PLAINTEXT`` in production, where it is refused otherwise."""

    app_id: Name = Field(default="newsworker", examples=["newsworker"])
    """Prefix of consumer groups, transactional ids and the state topic. Changing it starts over."""

    stages: StageList = Field(default=(Stage.SPLIT, Stage.DEDUPE), min_length=1, examples=["split,dedupe"])
    """Stages that this process runs."""

    guarantee: Guarantee = Field(default=Guarantee.AUTO, examples=["exactly_once"])
    """``auto``: ``exactly_once`` where the broker has transactions, else ``at_least_once``. Production names one."""

    environment: Name = Field(default="dev", examples=["prod"])
    """Name of the installation, in ``ce_source`` and the logs. ``prod`` means production."""

    topic_prefix: str = Field(default="", pattern=r"^[A-Za-z0-9._-]*$", max_length=100, examples=["eu."])
    """Goes before every topic's name, for clusters that are shared."""

    session_timeout_seconds: Seconds = Field(default=10, ge=1, le=300, examples=["10"])
    """A worker silent for so long has left its groups. Heartbeats come three times as often, every 3 s at least."""

    commit_interval_seconds: Seconds = Field(default=1, le=10, examples=["1"])
    """Delay of an event; what a crash repeats is about the rate times this."""

    max_page_bytes: int = Field(default=5_000_000, ge=1_000, le=100_000_000, examples=["5000000"])
    """Bytes of the unpacked body; a larger page is rejected as ``too_large``."""

    max_teasers: int = Field(default=200, ge=1, le=2_000, examples=["200"])
    """Teasers kept of a page."""

    dedupe_ttl_hours: float = Field(default=168, gt=0, le=8_760, allow_inf_nan=False, examples=["168"])
    """A story not seen for so long is forgotten."""

    dedupe_cap_hours: float = Field(default=672, gt=0, le=8_760, allow_inf_nan=False, examples=["672"])
    """A story first seen so long ago is forgotten even when it was seen since."""

    dedupe_folder: Path | None = Field(default=None, examples=["/var/tmp"])  # noqa: S108 - an example that is there everywhere
    """Keep the state of `dedupe` on disk, in this folder (extra ``disk``): for more stories than memory holds."""

    drop_kinds: KindList = Field(default=(TeaserKind.SPONSORED,), examples=["sponsored,popular"])
    """Kinds of teasers that are not emitted; empty emits all."""

    decisions: bool = Field(default=False, examples=["true"])
    """Write every item of every page with its decision to ``decisions.v1``."""

    sites: SiteList = Field(default=(), examples=["example.org,example.co.uk"])
    """Sites with health series of their own; all others count as ``other``. `newsworker sites` proposes them."""

    http_bind: Annotated[str, AfterValidator(address)] = Field(default="0.0.0.0:9102", examples=["0.0.0.0:9102"])
    """Where health and metrics are served."""

    stall_seconds: Seconds = Field(default=300, examples=["300"])
    """With records waiting and none finished for so long the process is not live."""

    drain_seconds: Seconds = Field(default=30, le=3_600, examples=["30"])
    """A stop ends after so long at the latest; less than the supervisor's grace period."""

    traces_url: Annotated[str | None, AfterValidator(open_url)] = Field(
        default=None, examples=["http://collector:4318/v1/traces"]
    )
    """Where OpenTelemetry traces go, OTLP over HTTP (extra ``otel``); without it none are made."""

    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", examples=["info"])
    """Least level that is logged."""

    log_format: Literal["json", "console"] = Field(default="json", examples=["console"])
    """``console`` is for people."""

    commit: str = Field(default="unknown", max_length=64, examples=["4ff0b42"])
    """Commit that the image was built from; the image sets it."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, the strongest first."""
        sources = (init_settings, env_settings, FileSource(settings_cls))
        file = os.environ.get(CONFIG_VARIABLE)
        return (*sources, TomlConfigSettingsSource(settings_cls, file)) if file else sources

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for conflict in _conflicts(self):
            raise ValueError(conflict)
        return self

    @property
    def is_production(self) -> bool:
        """Tell whether this installation is production."""
        return self.environment == "prod"

    @property
    def limits(self) -> "Limits":
        """How much of a page the core reads."""
        from worker.extract.limits import Limits  # noqa: PLC0415 - a command that reads no page loads no parser

        return Limits(max_page_bytes=self.max_page_bytes, max_teasers=self.max_teasers)

    @property
    def http_address(self) -> tuple[str, int]:
        """Host and port of the health server; port 0 takes a free one."""
        host, _, port = self.http_bind.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What works and still deserves a look, a sentence each."""
        return tuple(_warnings(self))

    @property
    def digest(self) -> str:
        """16 hex digits over all public values: two workers with the same settings log the same."""
        return blake2b(self.model_dump_json().encode(), digest_size=8).hexdigest()


def _conflicts(settings: Settings) -> Iterator[str]:
    """Name each setting that doesn't fit another, and why."""
    if settings.dedupe_ttl_hours > settings.dedupe_cap_hours:
        yield f"{ENV_PREFIX}DEDUPE_TTL_HOURS is over {ENV_PREFIX}DEDUPE_CAP_HOURS: give it at most as many hours"
    yield from _folder_conflicts(settings)
    if settings.traces_url is not None and not _has_traces():
        yield f"{ENV_PREFIX}TRACES_URL is given, but opentelemetry is missing: install newsworker[otel]"
    if settings.is_production and settings.kafka_security == "PLAINTEXT" and not settings.allow_plaintext:
        yield (
            f"{ENV_PREFIX}KAFKA_SECURITY is PLAINTEXT in production: name SASL_SSL or SSL, "
            f"or allow it with {ENV_PREFIX}ALLOW_PLAINTEXT=true"
        )
    yield from _tls_conflicts(settings)
    if settings.kafka_security.startswith("SASL_"):
        yield from _sasl_conflicts(settings)
    elif settings.kafka_sasl_mechanism:
        yield (
            f"{ENV_PREFIX}KAFKA_SASL_MECHANISM is given, but {ENV_PREFIX}KAFKA_SECURITY is "
            f"{settings.kafka_security}: name SASL_SSL"
        )


def _has_traces() -> bool:
    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:  # one of its parents
        return False


def _folder_conflicts(settings: Settings) -> Iterator[str]:
    name = f"{ENV_PREFIX}DEDUPE_FOLDER"
    if settings.dedupe_folder is None:
        return
    if not settings.dedupe_folder.is_dir() or not os.access(settings.dedupe_folder, os.W_OK):
        yield f"{name}: {settings.dedupe_folder} is no folder that can be written: make it, or give it to this user"
    if find_spec("rocksdict") is None:
        yield f"{name} is given, but rocksdict is missing: install newsworker[disk]"


def _tls_conflicts(settings: Settings) -> Iterator[str]:
    files = ("kafka_ca_file", "kafka_cert_file", "kafka_key_file")
    given = {name: getattr(settings, name) for name in files if getattr(settings, name) is not None}
    if given and settings.kafka_security in ("PLAINTEXT", "SASL_PLAINTEXT"):
        yield (
            f"{ENV_PREFIX}{next(iter(given)).upper()} is given, but {ENV_PREFIX}KAFKA_SECURITY is "
            f"{settings.kafka_security}: name SSL or SASL_SSL"
        )
    if ("kafka_cert_file" in given) != ("kafka_key_file" in given):
        missing = "KEY" if "kafka_cert_file" in given else "CERT"
        yield f"{ENV_PREFIX}KAFKA_{missing}_FILE is missing: certificate and key go together"
    for name, path in given.items():
        if not path.is_file():
            yield f"{ENV_PREFIX}{name.upper()}: there is no file {path}"


def _sasl_conflicts(settings: Settings) -> Iterator[str]:
    match settings.kafka_sasl_mechanism:
        case None:
            yield f"{ENV_PREFIX}KAFKA_SASL_MECHANISM is missing: name SCRAM-SHA-512"
        case "OAUTHBEARER":
            by_client = (settings.kafka_oauth_token_url, settings.kafka_oauth_client_id)
            if settings.kafka_oauth_token_file is None and not all(by_client):
                yield (
                    f"{ENV_PREFIX}KAFKA_OAUTH_TOKEN_FILE is missing: name a file, "
                    f"or {ENV_PREFIX}KAFKA_OAUTH_TOKEN_URL with _CLIENT_ID and _CLIENT_SECRET_FILE"
                )
        case _:
            if not settings.kafka_sasl_username:
                yield f"{ENV_PREFIX}KAFKA_SASL_USERNAME is missing"
            if settings.kafka_sasl_password is None:
                yield f"{ENV_PREFIX}KAFKA_SASL_PASSWORD_FILE is missing: name the file that holds the password"


def _warnings(settings: Settings) -> Iterator[str]:
    if settings.kafka_security == "SASL_PLAINTEXT":
        yield f"{ENV_PREFIX}KAFKA_SECURITY is SASL_PLAINTEXT: pages and events cross the network in the open."
    if settings.is_production and settings.guarantee is Guarantee.AUTO:
        yield f"{ENV_PREFIX}GUARANTEE is auto in production: name exactly_once, so that a change of broker is seen."
