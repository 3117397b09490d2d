"""Faust reaches the broker as the layer's own clients do."""

import ssl

import pytest
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth

from worker.ops.kafka import security
from worker.ops.settings import Settings
from worker.stream.guarantee import Client, make_app

USER = {"kafka_sasl_username": "me", "kafka_sasl_password": "unter-der-matte"}
TOKEN = {
    "kafka_sasl_mechanism": "OAUTHBEARER",
    "kafka_oauth_token_url": "http://login.example/token",
    "kafka_oauth_client_id": "me",
}


@pytest.mark.parametrize(
    "settings",
    [
        {"kafka_security": "PLAINTEXT"},
        {"kafka_security": "SSL"},
        {"kafka_security": "SASL_SSL", "kafka_sasl_mechanism": "SCRAM-SHA-512"} | USER,
        {"kafka_security": "SASL_SSL", "kafka_sasl_mechanism": "SCRAM-SHA-256"} | USER,
        {"kafka_security": "SASL_PLAINTEXT", "kafka_sasl_mechanism": "PLAIN"} | USER,
        {"kafka_security": "SASL_SSL"} | TOKEN,
        {"kafka_security": "SASL_PLAINTEXT"} | TOKEN,
    ],
    ids=lambda settings: f"{settings['kafka_security']} {settings.get('kafka_sasl_mechanism', '')}",
)
def test_every_way_in_is_handed_to_faust_whole(settings):
    """What Faust gives its consumer and producer is what the layer's own clients get: no way in is lost between."""
    ours = dict(security(Settings(kafka_bootstrap="kafka:9092", **settings)))
    app = make_app("app", Client("kafka:9092", security=ours))

    theirs = credentials_to_aiokafka_auth(app.conf.broker_credentials)

    assert ours == {name: value for name, value in theirs.items() if value is not None}
    assert isinstance(theirs.get("ssl_context"), ssl.SSLContext) == settings["kafka_security"].endswith("SSL")


@pytest.mark.parametrize(("session_seconds", "heartbeat_seconds"), [(6.0, 2.0), (10.0, 3.0), (120.0, 3.0)])
def test_heartbeats_are_as_frequent_as_a_rebalance_needs(session_seconds, heartbeat_seconds):
    """A member hears of a join by a heartbeat's answer, so a long session makes them no rarer than every 3 s."""
    app = make_app("app", Client("kafka:9092"), session_seconds=session_seconds)

    assert heartbeat_seconds == app.conf.broker_heartbeat_interval
    assert app.conf.broker_heartbeat_interval < app.conf.broker_rebalance_timeout / 2
