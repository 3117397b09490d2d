"""How clients reach the brokers: the security settings as what aiokafka takes.

Certificates and tokens are read again at each connection, so that a rotation needs no restart.
"""

import asyncio
import base64
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import AuthenticationFailedError, KafkaConnectionError, KafkaError
from pydantic import SecretStr

from worker.ops.settings import Settings

TOKEN_SECONDS = 10.0
"""How long the address that gives tokens may take; a connection waits for it."""

REFUSALS = (400, 401, 403, 404)
"""Answers of that address that stay: RFC 6749 names 400 and 401 for a client that it does not know."""

_LOOK_AT = "check NEWSWORKER_KAFKA_OAUTH_CLIENT_ID, _CLIENT_SECRET_FILE and _SCOPE"


class TlsContext(ssl.SSLContext):
    """A client context that reads certificate, key and authorities again when their files changed.

    Host names are always checked.
    """

    _files: tuple[Path | None, Path | None, Path | None] = (None, None, None)
    _read: tuple[float, ...] = ()

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:  # noqa: ANN401 - as it is in ssl
        """Open a connection with what the files hold now."""
        self.refresh()
        return super().wrap_bio(*args, **kwargs)

    def refresh(self) -> None:
        """Read the files where one of them is newer than what was read.

        Raises:
            ssl.SSLError: A file holds no PEM, or certificate and key don't belong together.
            OSError: A file can't be read.
        """
        authorities, certificate, key = self._files
        changed = tuple(path.stat().st_mtime for path in self._files if path is not None)
        if changed == self._read:
            return
        if authorities is not None:
            self.load_verify_locations(cafile=authorities)
        if certificate is not None:
            self.load_cert_chain(certificate, key)
        self._read = changed


def tls_context(authorities: Path | None, certificate: Path | None, key: Path | None) -> TlsContext:
    """Return a client context; without ``authorities`` it trusts the system's.

    Raises:
        ssl.SSLError: A file holds no PEM, or certificate and key don't belong together.
        OSError: A file can't be read.
    """
    context = TlsContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context._files = (authorities, certificate, key)  # noqa: SLF001 - the constructor belongs to ssl
    if authorities is None:
        context.load_default_certs()
    context.refresh()
    return context


class TokenRefused(AuthenticationFailedError):  # type: ignore[misc] # aiokafka has no types
    """There is no bearer token for us, and waiting does not help. The message says what to look at."""


class FileToken(AbstractTokenProvider):  # type: ignore[misc] # aiokafka has no types
    """Reads the bearer token from a file at each connection."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def token(self) -> str:
        """Return the token.

        Raises:
            TokenRefused: The file can't be read, or holds no token.
        """
        try:
            text = (await asyncio.to_thread(self._path.read_text, encoding="ascii")).strip()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not ASCII"
            raise TokenRefused(f"NEWSWORKER_KAFKA_OAUTH_TOKEN_FILE: can't read {self._path}: {why}") from None
        if not text:
            raise TokenRefused(f"NEWSWORKER_KAFKA_OAUTH_TOKEN_FILE: {self._path} is empty")
        return text


class ClientToken(AbstractTokenProvider):  # type: ignore[misc] # aiokafka has no types
    """Gets a bearer token by client credentials (RFC 6749, section 4.4) at each connection."""

    def __init__(self, url: str, client_id: str, secret: str, scope: str | None, tls: ssl.SSLContext) -> None:
        self._url, self._tls = url, tls
        self._form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        self._login = base64.b64encode(f"{quote(client_id)}:{quote(secret)}".encode()).decode()

    async def token(self) -> str:
        """Return a fresh token.

        Raises:
            TokenRefused: The address does not take us, or we don't trust it.
            KafkaConnectionError: It does not answer as it should; waiting may help.
        """
        found = await self._asked()
        if isinstance(found, KafkaError):
            raise found  # here, so that no TLS error hangs on it: that would be told as one of the broker
        return found

    async def _asked(self) -> str | KafkaError:
        """Return a token, or why there is none: never with what was sent, which holds the secret."""
        import aiohttp  # noqa: PLC0415 - only where tokens come from an address

        headers = {"Authorization": f"Basic {self._login}"}
        limit = aiohttp.ClientTimeout(total=TOKEN_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(headers=headers, timeout=limit, raise_for_status=True) as session,
                session.post(self._url, data=self._form, ssl=self._tls) as answer,
            ):
                return str((await answer.json())["access_token"])
        except aiohttp.ClientResponseError as error:
            if error.status in REFUSALS:
                return TokenRefused(f"{self._url} answers {error.status}: {_LOOK_AT}")
            return KafkaConnectionError(f"{self._url} answers {error.status} and gives no token")
        except (aiohttp.ClientSSLError, aiohttp.ClientConnectorCertificateError) as error:
            return TokenRefused(
                f"{self._url} can't be trusted ({error}): name its authority in NEWSWORKER_KAFKA_CA_FILE"
            )
        except (aiohttp.ClientError, TimeoutError, LookupError, TypeError, ValueError) as error:
            return KafkaConnectionError(f"{self._url} gives no token: {type(error).__name__}")


def security(settings: Settings) -> Mapping[str, Any]:
    """Return the keyword arguments that every aiokafka client takes.

    Raises:
        ssl.SSLError: A certificate or key can't be used.
        OSError: One of the files can't be read.
    """
    arguments: dict[str, Any] = {"security_protocol": settings.kafka_security}
    if settings.kafka_security in ("SSL", "SASL_SSL"):
        arguments["ssl_context"] = _tls(settings)
    if settings.kafka_security.startswith("SASL_"):
        arguments["sasl_mechanism"] = settings.kafka_sasl_mechanism
        if settings.kafka_sasl_mechanism == "OAUTHBEARER":
            arguments["sasl_oauth_token_provider"] = _tokens(settings)
        else:
            arguments["sasl_plain_username"] = settings.kafka_sasl_username
            arguments["sasl_plain_password"] = _secret(settings.kafka_sasl_password)
    return arguments


def _tls(settings: Settings) -> TlsContext:
    return tls_context(settings.kafka_ca_file, settings.kafka_cert_file, settings.kafka_key_file)


def _tokens(settings: Settings) -> AbstractTokenProvider:
    if settings.kafka_oauth_token_file is not None:
        return FileToken(settings.kafka_oauth_token_file)
    return ClientToken(
        settings.kafka_oauth_token_url or "",
        settings.kafka_oauth_client_id or "",
        _secret(settings.kafka_oauth_client_secret),
        settings.kafka_oauth_scope,
        tls_context(settings.kafka_ca_file, None, None),
    )


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()
