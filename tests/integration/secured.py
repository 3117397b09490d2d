"""A secured Apache Kafka: certificates of its own, TLS, mutual TLS, SCRAM, PLAIN, OAUTHBEARER, and rights."""

from __future__ import annotations

import base64
import ipaddress
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from worker.ops.acls import Acl, Resource

PASSWORD = "tulips-in-spring"

USERS = ("split", "dedupe", "topics-job", "nobody")
"""Who has this password: a principal of each role, and one without rights."""

SCRAM = {"SCRAM-SHA-256": ScramMechanism.SCRAM_SHA_256, "SCRAM-SHA-512": ScramMechanism.SCRAM_SHA_512}

LISTENERS = {
    "TLS": "SSL",
    "MTLS": "SSL",
    "EXPIRED": "SSL",
    "ELSEWHERE": "SSL",
    "PASSWORD": "SASL_SSL",
    "OAUTH": "SASL_SSL",
}
"""Listeners beside the plain one, which is the broker's own, and what they speak."""

NOW = datetime.now(UTC)
WEEK = timedelta(days=7)


class Authority:
    """A certificate authority with a folder for what it issues."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = (
            self._begun(self._name, self._key.public_key(), NOW + WEEK)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str, *hosts: str, until: datetime = NOW + WEEK) -> tuple[Path, Path, Path]:
        """Return the files of a new certificate: certificate, key, and both in one."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        names = [_general(host) for host in hosts or (name,)]
        certificate = (
            self._begun(subject, key.public_key(), until)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self._key, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        paths = tuple(self.folder / f"{name}.{ending}" for ending in ("pem", "key", "both.pem"))
        for path, content in zip(paths, (certificate, private, private + certificate), strict=True):
            path.write_bytes(content)
        return paths[0], paths[1], paths[2]

    def _begun(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, until: datetime) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 2 * WEEK)
            .not_valid_after(until)
        )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def broker_config(authority: Authority) -> dict[str, str]:
    """Return what a broker needs beside the fixture's own settings."""
    good = authority.issue("broker", "localhost", "127.0.0.1")[2]
    stores = {
        "EXPIRED": authority.issue("expired", "127.0.0.1", until=NOW - WEEK)[2],
        "ELSEWHERE": authority.issue("elsewhere", "elsewhere.example")[2],
    }
    names = ",".join(f"{name}://{{host}}:{{port:{name}}}" for name in LISTENERS)
    protocols = ",".join(f"{name}:{protocol}" for name, protocol in LISTENERS.items())
    config = {
        "listeners": f"PLAINTEXT://{{host}}:{{port:plain}},CONTROLLER://{{host}}:{{port:controller}},{names}",
        "advertised.listeners": f"PLAINTEXT://{{host}}:{{port:plain}},{names}",
        "listener.security.protocol.map": f"PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,{protocols}",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
        "ssl.principal.mapping.rules": "RULE:^CN=(.*?)$/$1/,DEFAULT",
        "listener.name.mtls.ssl.client.auth": "required",
        "listener.name.password.sasl.enabled.mechanisms": ",".join((*SCRAM, "PLAIN")),
        "listener.name.password.plain.sasl.jaas.config": (
            "org.apache.kafka.common.security.plain.PlainLoginModule required "
            + " ".join(f'user_{user}="{PASSWORD}"' for user in USERS)
            + ";"
        ),
        "listener.name.oauth.sasl.enabled.mechanisms": "OAUTHBEARER",
        "listener.name.oauth.oauthbearer.sasl.jaas.config": (
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required "
            'unsecuredLoginStringClaim_sub="broker";'
        ),
    }
    for mechanism in SCRAM:
        config[f"listener.name.password.{mechanism.lower()}.sasl.jaas.config"] = (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        )
    for name in LISTENERS:
        listener = f"listener.name.{name.lower()}.ssl"
        config |= {
            f"{listener}.keystore.type": "PEM",
            f"{listener}.keystore.location": str(stores.get(name, good)),
            f"{listener}.truststore.type": "PEM",
            f"{listener}.truststore.location": str(authority.path),
        }
    return config


def add_users(bootstrap: str) -> None:
    """Give the SCRAM users their password; those of PLAIN stand in the broker's settings."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for mechanism in SCRAM.values():
        info = ScramCredentialInfo(mechanism, 4096)
        told = [UserScramCredentialUpsertion(user, info, PASSWORD.encode()) for user in USERS]
        for done in admin.alter_user_scram_credentials(told).values():
            done.result(30)


def bearer(subject: str, seconds: int = 3600) -> str:
    """Return an unsigned token, as a broker without a validator of its own takes it."""
    now = int(time.time())
    parts = ({"alg": "none"}, {"sub": subject, "iat": now - 10, "exp": now + seconds})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def allow(bootstrap: str, *acls: Acl) -> None:
    """Give the rights that `newsworker topics acls` lists."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for done in admin.create_acls([_binding(acl) for acl in acls]).values():
        done.result(30)


def forbid(bootstrap: str, acl: Acl) -> None:
    """Take a right back."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for done in admin.delete_acls([_binding(acl, AclBindingFilter)]).values():
        assert len(done.result(30)) == 1


_RESOURCES = {
    Resource.TOPIC: ResourceType.TOPIC,
    Resource.GROUP: ResourceType.GROUP,
    Resource.TRANSACTIONAL_ID: ResourceType.TRANSACTIONAL_ID,
    Resource.CLUSTER: ResourceType.BROKER,
}


def _binding(acl: Acl, kind: type[AclBinding] = AclBinding) -> AclBinding:
    operation = "".join(f"_{c}" if c.isupper() and i else c for i, c in enumerate(acl.operation)).upper()
    return kind(
        _RESOURCES[acl.resource],
        acl.name,
        ResourcePatternType.PREFIXED if acl.is_prefix else ResourcePatternType.LITERAL,
        f"User:{acl.principal}",
        "*",
        AclOperation[operation],
        AclPermissionType.ALLOW,
    )
