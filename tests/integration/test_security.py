"""Getting into a secured Apache Kafka, and being told clearly why not."""

import http.server
import json
import os
import socket
import ssl
import threading
import urllib.parse
from contextlib import contextmanager

import pytest
from confluent_kafka import Producer

from tests.integration.cli import CommandLine
from tests.integration.running import WAIT_SECONDS, Worker
from tests.integration.secured import (
    LISTENERS,
    NOW,
    PASSWORD,
    WEEK,
    Authority,
    add_users,
    allow,
    bearer,
    broker_config,
    forbid,
)
from tests.kafka.broker import Cluster
from tests.kafka.jars import KafkaUnavailable, classpath, java
from tests.leaving_out import leave_out
from worker.ops.acls import Resource, acls
from worker.ops.kafka import tls_context
from worker.ops.settings import Settings

PASSWORD_MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")

TEXT = "<p>Something happened in the town that everybody talks about, and it was written down at once.</p>" * 4
PAGE = f"<html><body><article><h1>Headline of the day in town</h1>{TEXT}</article></body></html>".encode()


class Secured:
    """The broker, its certificates, and the settings that get a principal in."""

    def __init__(self, cluster, authority):
        self.cluster, self.authority = cluster, authority
        self.folder = authority.folder

    def at(self, listener, **settings):
        """Return the settings for one listener, with the authority that it is checked against."""
        settings = {name: str(value) for name, value in settings.items()}
        return {
            "KAFKA_BOOTSTRAP": f"127.0.0.1:{self.cluster.ports(listener)[0]}",
            "KAFKA_SECURITY": LISTENERS[listener],
            "KAFKA_CA_FILE": str(self.authority.path),
        } | settings

    def login(self, user, password=PASSWORD, mechanism="SCRAM-SHA-512"):
        """Return the settings of a user with a password."""
        file = self.folder / f"password-{user}-{password}"
        file.write_text(password + "\n")
        return self.at(
            "PASSWORD", KAFKA_SASL_MECHANISM=mechanism, KAFKA_SASL_USERNAME=user, KAFKA_SASL_PASSWORD_FILE=file
        )

    def oauth(self, **settings):
        """Return the settings of a bearer of tokens."""
        return self.at("OAUTH", KAFKA_SASL_MECHANISM="OAUTHBEARER", **settings)

    def token(self, subject, seconds=3600):
        """Return a file with a token."""
        file = self.folder / f"token-{subject}-{seconds}"
        file.write_text(bearer(subject, seconds))
        return file


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    """One secured broker with a user for every role."""
    try:
        java(), classpath()
    except KafkaUnavailable as error:
        leave_out(str(error))
    authority = Authority(tmp_path_factory.mktemp("certificates"))
    with Cluster(1, broker_config(authority)) as cluster:
        add_users(cluster.bootstrap)
        yield Secured(cluster, authority)


@pytest.fixture
def newsworker(secured, monkeypatch, capsys):
    """Make the command line for some settings; all of one test share an installation, whose rights are given."""
    names = {}

    def made(settings):
        command = CommandLine("", monkeypatch, capsys, **(names | settings))
        names.update(TOPIC_PREFIX=command.prefix, APP_ID=command.app_id)
        return command

    made({"KAFKA_BOOTSTRAP": secured.cluster.bootstrap})
    made.acls = acls(Settings(kafka_bootstrap="x:1", topic_prefix=names["TOPIC_PREFIX"], app_id=names["APP_ID"]))
    allow(
        secured.cluster.bootstrap, *(acl for acl in made.acls if acl.principal not in ("teams", "crawlers", "replay"))
    )
    return made


def test_each_way_in_works(secured, newsworker):
    """TLS alone or with a password, in any of three ways, mutual TLS and a bearer token get their principal in."""
    cert, key, _ = secured.authority.issue("topics-job")

    made = newsworker(secured.login("topics-job"))("topics", "apply", "--partitions", "1")
    passwords = [
        newsworker(secured.login("topics-job", mechanism=mechanism))("topics", "check")
        for mechanism in PASSWORD_MECHANISMS
    ]
    tls = newsworker(secured.at("TLS"))("topics", "check")
    mutual = newsworker(secured.at("MTLS", KAFKA_CERT_FILE=cert, KAFKA_KEY_FILE=key))("topics", "check")
    token = newsworker(secured.oauth(KAFKA_OAUTH_TOKEN_FILE=secured.token("topics-job")))("topics", "check")

    assert (made.code, made.out.count("create ")) == (0, 6), made.err
    assert [0, 0, 0] == [shown.code for shown in passwords], [shown.err for shown in passwords]
    assert (tls.code, mutual.code, token.code) == (0, 0, 0), tls.err + mutual.err + token.err


@contextmanager
def token_server(token, status=200):
    """Yield the address of a token service on loopback, and what it was asked: authorization and form."""
    asked = []

    class Tokens(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append((self.headers["Authorization"], urllib.parse.parse_qs(form)))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps({"access_token": token, "expires_in": 60}).encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tokens) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/token", asked
        server.shutdown()


def test_a_token_is_fetched_by_client_credentials(secured, newsworker):
    """A token address is asked with id, secret and scope, and its token gets the principal in."""
    newsworker(secured.login("topics-job"))("topics", "apply", "--partitions", "1")
    with token_server(bearer("topics-job")) as (url, asked):
        shown = newsworker(
            secured.oauth(
                KAFKA_OAUTH_TOKEN_URL=url,
                KAFKA_OAUTH_CLIENT_ID="job",
                KAFKA_OAUTH_CLIENT_SECRET="matches",
                KAFKA_OAUTH_SCOPE="kafka",
            )
        )("topics", "check")

    assert shown.code == 0, shown.err
    assert asked[0][0].startswith("Basic ")
    assert asked[0][1] == {"grant_type": ["client_credentials"], "scope": ["kafka"]}
    assert "matches" not in shown.out + shown.err


def refused(newsworker, settings, *told):
    """Run a command that must fail with 78 and one message that has these words."""
    shown = newsworker(settings)("topics", "check")
    assert shown.code == 78, shown
    assert all(word in shown.err for word in told), shown.err
    assert "Traceback" not in shown.err
    assert shown.err.startswith("newsworker: ")
    assert PASSWORD not in shown.out + shown.err


@pytest.mark.parametrize("mechanism", PASSWORD_MECHANISMS)
def test_a_wrong_password_is_told(secured, newsworker, mechanism):
    """The message names the settings to look at and not the password."""
    settings = secured.login("split", "guessed-it", mechanism)

    refused(newsworker, settings, "does not accept the login", "NEWSWORKER_KAFKA_SASL_PASSWORD_FILE")
    assert "guessed-it" not in newsworker(settings)("topics", "check").err


def test_an_expired_token_is_told(secured, newsworker):
    """A token that is too old is a login that is not accepted."""
    settings = secured.oauth(KAFKA_OAUTH_TOKEN_FILE=secured.token("split", -60))

    refused(newsworker, settings, "does not accept the login")


def by_credentials(secured, url):
    """Return the settings of a bearer who gets the tokens from an address."""
    return secured.oauth(
        KAFKA_OAUTH_TOKEN_URL=url, KAFKA_OAUTH_CLIENT_ID="job", KAFKA_OAUTH_CLIENT_SECRET="lilacs-in-may"
    )


def test_a_wrong_client_secret_is_told(secured, newsworker):
    """What the address of tokens refuses is told with the settings to look at, and not as the broker's word."""
    with token_server("", status=401) as (url, _):
        refused(newsworker, by_credentials(secured, url), f"{url} answers 401", "_CLIENT_SECRET_FILE")


def test_a_token_address_that_is_down_is_waited_for(secured, newsworker):
    """Trouble of that address is no configuration: a command gives up for now."""
    with token_server("", status=503) as (url, _):
        down = newsworker(by_credentials(secured, url))("topics", "check")
    gone = newsworker(by_credentials(secured, url))("topics", "check")

    assert (75, 75) == (down.code, gone.code)
    assert "answers 503 and gives no token" in down.err
    assert "gives no token" in gone.err
    assert "lilacs-in-may" not in down.err + gone.err


def test_a_token_file_that_is_missing_is_told(secured, newsworker):
    """The message names setting and path."""
    settings = secured.oauth(KAFKA_OAUTH_TOKEN_FILE=secured.folder / "nowhere")

    refused(newsworker, settings, "NEWSWORKER_KAFKA_OAUTH_TOKEN_FILE", "nowhere", "No such file")


def test_an_expired_certificate_is_told(secured, newsworker):
    """A broker whose certificate has expired is named, with who has to act."""
    refused(newsworker, secured.at("EXPIRED"), "has expired", "the broker needs a new one")


def test_a_wrong_host_name_is_told(secured, newsworker):
    """A certificate for another host is not taken, whoever signed it."""
    refused(newsworker, secured.at("ELSEWHERE"), "is for another host name", "127.0.0.1")


def test_an_unknown_authority_is_told(secured, newsworker):
    """A certificate of an authority that we do not know names the setting for it."""
    other = Authority(secured.folder, "other-authority")

    refused(newsworker, secured.at("TLS", KAFKA_CA_FILE=other.path), "not trusted", "NEWSWORKER_KAFKA_CA_FILE")


def test_an_expired_certificate_of_ours_is_told(secured, newsworker):
    """Mutual TLS with a certificate of ours that has expired is refused by the broker, and we say what to look at."""
    cert, key, _ = secured.authority.issue("too-old", until=NOW - WEEK)

    refused(newsworker, secured.at("MTLS", KAFKA_CERT_FILE=cert, KAFKA_KEY_FILE=key), "breaks TLS off")


def test_no_certificate_of_ours_is_told(secured, newsworker):
    """A broker that wants a certificate and gets none is told apart from one that is down."""
    refused(newsworker, secured.at("MTLS"), "breaks TLS off", "know our certificate")


def test_certificate_and_key_must_belong_together(secured, newsworker):
    """Files that do not fit are named before anything connects."""
    cert, _, _ = secured.authority.issue("one")
    _, key, _ = secured.authority.issue("two")

    refused(newsworker, secured.at("MTLS", KAFKA_CERT_FILE=cert, KAFKA_KEY_FILE=key), str(cert), str(key))


def test_a_missing_right_is_told(secured, newsworker):
    """A principal without rights learns on which topic, and which command lists them all."""
    newsworker(secured.login("topics-job"))("topics", "apply", "--partitions", "1")

    refused(newsworker, secured.login("nobody"), "a right is missing on the topic", "newsworker topics acls")


def test_plaintext_to_a_tls_port_is_told(secured, newsworker):
    """Forgetting the security setting is not mistaken for a broker that is down for ever."""
    settings = secured.at("TLS") | {"KAFKA_SECURITY": "PLAINTEXT"}
    del settings["KAFKA_CA_FILE"]

    shown = newsworker(settings)("topics", "check")

    assert shown.code == 75
    assert "NEWSWORKER_KAFKA_SECURITY" in shown.err


WAYS_NOT_IN = {
    "wrong password": (lambda secured: secured.login("split", "guessed-it"), "does not accept the login"),
    "expired token": (
        lambda secured: secured.oauth(KAFKA_OAUTH_TOKEN_FILE=secured.token("split", -60)),
        "does not accept the login",
    ),
    "expired certificate": (lambda secured: secured.at("EXPIRED"), "has expired"),
    "wrong host name": (lambda secured: secured.at("ELSEWHERE"), "is for another host name"),
    "no certificate of ours": (lambda secured: secured.at("MTLS"), "breaks TLS off"),
    "a right is missing": (lambda secured: secured.login("nobody"), "newsworker topics acls"),
}
"""Settings that get nobody in, and what is told."""


@pytest.mark.parametrize("way", WAYS_NOT_IN)
def test_a_worker_that_is_not_let_in_ends_at_once(secured, newsworker, tmp_path, way):
    """`newsworker run` says in one message what to change and ends with 78: waiting would not help."""
    newsworker(secured.login("topics-job"))("topics", "apply", "--partitions", "1")
    settings, told = WAYS_NOT_IN[way]

    with Worker(tmp_path, "--stages", "split", **newsworker(settings(secured)).environment) as worker:
        code = worker.process.wait(WAIT_SECONDS)

    messages = [line for line in worker.tail().splitlines() if line.startswith("newsworker: ")]
    assert (78, 1, True) == (code, len(messages), told in messages[0]), worker.tail()
    assert "Traceback" not in worker.tail()
    assert not any(secret in worker.tail(10**6) for secret in (PASSWORD, "guessed-it"))


@pytest.fixture
def fleet(secured, newsworker, tmp_path):
    """Both stages as processes of their own, each with its own principal."""
    assert newsworker(secured.login("topics-job"))("topics", "apply", "--partitions", "1").code == 0

    def started(stage, **more):
        command = newsworker(secured.login(stage) | more)
        return Worker(tmp_path, "--stages", stage, **command.environment)

    started.raw = f"{newsworker(secured.login('split')).prefix}pages.raw.v1"
    return started


@pytest.mark.parametrize("mechanism", PASSWORD_MECHANISMS)
def test_the_listed_rights_are_enough(secured, fleet, mechanism):
    """With the rights that `topics acls` lists and no other, pages go through both stages, and they stop in order."""
    way = {"KAFKA_SASL_MECHANISM": mechanism}
    with fleet("split", **way) as split, fleet("dedupe", GUARANTEE="exactly_once", **way) as dedupe:
        split.ready()
        dedupe.ready()
        producer = Producer({"bootstrap.servers": secured.cluster.bootstrap})
        for body in (PAGE, b"", b"\x00"):
            producer.produce(fleet.raw, body, headers={"url": "https://town.example/1", "content-type": "text/html"})
        assert producer.flush(30) == 0
        split.until(lambda: split.value("newsworker_pages_total", stage="split") == 3, "done with three pages")
        dedupe.until(lambda: dedupe.value("newsworker_articles_total", outcome="new") == 1, "done with the article")

        assert split.value("newsworker_pages_rejected_total") == 2
        assert (split.stop(), dedupe.stop()) == (0, 0)
    assert PASSWORD not in split.tail(10**6) + dedupe.tail(10**6)


def test_secrets_show_nowhere(secured, newsworker, tmp_path):
    """A worker with a secret and a token shows neither: not in the log at its loudest, status, metrics, config."""
    newsworker(secured.login("topics-job"))("topics", "apply", "--partitions", "1")
    secret, token = "lilacs-in-may", bearer("split")
    with token_server(token) as (url, asked):
        command = newsworker(
            secured.oauth(
                KAFKA_OAUTH_TOKEN_URL=url,
                KAFKA_OAUTH_CLIENT_ID="split",
                KAFKA_OAUTH_CLIENT_SECRET=secret,
                LOG_LEVEL="debug",
            )
        )
        with Worker(tmp_path, "--stages", "split", **command.environment) as worker:
            worker.ready()
            answers = [worker.ask(path)[1] for path in ("/status", "/metrics", "/livez", "/readyz")]
            code = worker.stop()
        configured = command("config", "show")

    shown = "".join((*answers, worker.tail(10**7), configured.out, configured.err))
    basic = asked[0][0].removeprefix("Basic ")
    assert (0, True) == (code, bool(answers[0]))
    assert [] == [part for part in (secret, token, token.split(".")[1], basic) if part in shown]
    assert '"kafka_oauth_client_secret":"**********"' in answers[0].replace(" ", "")


@pytest.mark.parametrize(
    ("lacking", "told"),
    [
        (("split", Resource.TOPIC), "a right is missing on the topic"),
        (("split", Resource.GROUP), "a right is missing on the group"),
        (("dedupe", Resource.TRANSACTIONAL_ID), "a right is missing on our transactional ids"),
    ],
)
def test_a_right_that_a_stage_lacks_is_told(secured, newsworker, fleet, lacking, told):
    """A stage that lacks one right ends with 78 and one message that says on what."""
    for acl in newsworker.acls:
        if (acl.principal, acl.resource) == lacking:
            forbid(secured.cluster.bootstrap, acl)

    with fleet(lacking[0], GUARANTEE="exactly_once") as worker:
        code = worker.process.wait(60)

    assert code == 78, worker.tail()
    assert told in worker.tail()


def test_a_certificate_is_read_again_when_it_is_replaced(secured):
    """A rotation needs no restart: the next connection uses what the files hold then."""
    cert, key, _ = secured.authority.issue("rotating", until=NOW - WEEK)
    context = tls_context(secured.authority.path, cert, key)
    address = ("127.0.0.1", secured.cluster.ports("MTLS")[0])
    before = handshake(context, address)
    fresh = secured.authority.issue("rotating")
    for path in fresh[:2]:
        os.utime(path, (0, path.stat().st_mtime + 5))

    after = handshake(context, address)

    assert (before, after) == (False, True)


def handshake(context, address):
    """Tell whether the broker takes our certificate: with TLS 1.3 it says so only when it is read from."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=address[0])
    with socket.create_connection(address, 10) as wire:
        wire.settimeout(1.0)
        try:
            while True:
                try:
                    tls.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    wire.sendall(outgoing.read())
                    incoming.write(wire.recv(65_536))
            wire.sendall(outgoing.read())
            incoming.write(wire.recv(65_536))
            tls.read(1)
        except TimeoutError:
            return True
        except ssl.SSLWantReadError:
            return True
        except ssl.SSLError:
            return False
    return True
