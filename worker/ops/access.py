"""Reaching a broker, and saying in one sentence why it can't be: asked once before anything starts.

Kafka clients retry and log; whoever gave a wrong password waits for ever. So the first connection is made
here, where the reason is still known.
"""

import asyncio
import ssl
from typing import Any

from aiokafka import errors
from aiokafka.conn import create_conn
from aiokafka.protocol.metadata import MetadataRequest

from worker.ops.kafka import TokenRefused, security
from worker.ops.settings import Settings

CONNECT_SECONDS = 10.0
"""How long one broker may take to let us in."""

_EXPIRED = 10
"""OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED."""

_OTHER_HOST = (62, 64)
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH."""


class AccessError(Exception):
    """A broker is there and does not let us in; waiting does not help. The message says what to change."""


class Unreachable(Exception):
    """No broker answers; waiting may help."""


async def reach(settings: Settings) -> None:
    """Make one connection, with TLS and login, to the first broker that answers.

    Raises:
        AccessError: A broker refuses us, or its certificate can't be trusted.
        Unreachable: None answers.
    """
    try:
        arguments = dict(security(settings))
    except (OSError, ssl.SSLError) as error:
        raise AccessError(_own_files(settings, error)) from error
    faults = []
    for address in settings.kafka_bootstrap.split(","):
        try:
            await _connect(address, arguments)
        except (TimeoutError, OSError, errors.KafkaError) as error:
            told = _told(error, address)
            if told is not None:
                raise AccessError(told) from error
            faults.append(f"{address}: {str(error) or 'no answer'}{_hint(settings, error)}")
        else:
            return
    raise Unreachable("no broker answers: " + "; ".join(faults))


def _hint(settings: Settings, error: BaseException) -> str:
    """Return what a connection that is closed at once most often means."""
    if settings.kafka_security in ("PLAINTEXT", "SASL_PLAINTEXT") and isinstance(error, errors.KafkaConnectionError):
        return f" (NEWSWORKER_KAFKA_SECURITY is {settings.kafka_security}: does this port want TLS?)"
    return ""


async def _connect(address: str, arguments: dict[str, Any]) -> None:
    host, _, port = address.rpartition(":")
    timeout = int(CONNECT_SECONDS * 1000)
    async with asyncio.timeout(CONNECT_SECONDS):
        connection = await create_conn(host.strip("[]"), int(port), request_timeout_ms=timeout, **arguments)
        try:
            answer = await connection.send(MetadataRequest([]))
        finally:
            connection.close()
    if not answer.brokers:
        # A broker that does not take a token says so inside an answer that succeeds (RFC 7628, section 3.2.2),
        # and then answers the first request with nothing.
        raise errors.AuthenticationFailedError("it answers, but takes the login for none")


def _told(error: BaseException, address: str) -> str | None:
    """Return why a broker and we don't trust each other; None where it just doesn't answer."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate(cause, address)
        if isinstance(cause, ssl.SSLError):
            return f"{address} breaks TLS off ({cause.reason}): does this port speak TLS and know our certificate?"
        cause = cause.__cause__ or cause.__context__
    message = refusal(error)
    return None if message is None else f"{address}: {message}"


def _certificate(error: ssl.SSLCertVerificationError, address: str) -> str:
    match error.verify_code:
        case verify_code if verify_code == _EXPIRED:
            return f"the certificate of {address} has expired: the broker needs a new one."
        case verify_code if verify_code in _OTHER_HOST:
            return f"the certificate of {address} is for another host name: {error.verify_message}"
        case _:
            return (
                f"the certificate of {address} is not trusted ({error.verify_message}): "
                "name its authority in NEWSWORKER_KAFKA_CA_FILE."
            )


def _own_files(settings: Settings, error: OSError) -> str:
    files = (settings.kafka_cert_file, settings.kafka_key_file, settings.kafka_ca_file)
    named = ", ".join(str(path) for path in files if path)
    return f"certificate or key can't be used ({error.strerror or error}): look at {named}"


def refusal(error: BaseException) -> str | None:
    """Return what a Kafka error says about rights and logins, with what to do; None for any other error."""
    match error:
        case TokenRefused():
            return str(error.args[0])
        case errors.AuthenticationFailedError() | errors.SaslAuthenticationFailed():
            return (
                "the broker does not accept the login: check NEWSWORKER_KAFKA_SASL_USERNAME and "
                f"NEWSWORKER_KAFKA_SASL_PASSWORD_FILE, or the token ({error})"
            )
        case errors.UnsupportedSaslMechanismError():
            return f"the broker does not know NEWSWORKER_KAFKA_SASL_MECHANISM ({error})"
        case _:
            right = _missing_right(error)
            return right and f"a right is missing on {right}: `newsworker topics acls` prints all that are needed."


def _missing_right(error: BaseException) -> str | None:
    match error:
        case errors.TopicAuthorizationFailedError():
            return f"the topic {_named(error)}"
        case errors.GroupAuthorizationFailedError():
            return f"the group {_named(error)}"
        case errors.TransactionalIdAuthorizationFailed():
            return "our transactional ids"
        case errors.ClusterAuthorizationFailedError():
            return "the cluster"
        case _:
            return None


def _named(error: errors.KafkaError) -> str:
    return ", ".join(str(part) for part in error.args) or "(unnamed)"
