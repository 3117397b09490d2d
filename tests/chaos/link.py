"""What lies between worker 0 and the brokers and can be cut: a proxy, or the cable of a network namespace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tests.chaos.namespace import Namespace
from tests.chaos.proxy import Proxy
from tests.kafka.broker import Cluster

LISTENERS = {
    "listeners": "PLAINTEXT://{host}:{port:plain},CONTROLLER://{host}:{port:controller},BEHIND://@own@:{port:behind}",
    "advertised.listeners": "PLAINTEXT://{host}:{port:plain},BEHIND://@told@",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,BEHIND:PLAINTEXT",
}


class Link(NamedTuple):
    """A cluster and the way to it that can be cut."""

    cluster: Cluster
    bootstrap: str
    """Where whoever is behind the link finds the brokers."""
    command: tuple[str, ...]
    """Goes before the command of whoever is behind the link."""
    way: Proxy | Namespace
    """Cuts and mends."""


@contextmanager
def proxied(brokers: int) -> Iterator[Link]:
    """Put a proxy on loopback between."""
    with Cluster(brokers, listeners("{host}", "{host}:{port:proxied}")) as cluster:
        ports = cluster.ports("proxied")
        with Proxy(dict(zip(ports, cluster.ports("behind"), strict=True))) as proxy:
            yield Link(cluster, ",".join(f"127.0.0.1:{port}" for port in ports), (), proxy)


@contextmanager
def in_namespace(brokers: int) -> Iterator[Link]:
    """Put the worker into a network namespace, with one cable to the brokers."""
    with (
        Namespace() as space,
        Cluster(brokers, listeners(space.host, f"{space.host}:{{port:behind}}")) as cluster,
    ):
        bootstrap = ",".join(f"{space.host}:{port}" for port in cluster.ports("behind"))
        yield Link(cluster, bootstrap, space.command, space)


def listeners(own: str, told: str) -> dict[str, str]:
    """Return the settings of a broker that has a second listener.

    Args:
        own: The host on which it listens.
        told: Host and port that it tells its clients.
    """
    return {name: value.replace("@own@", own).replace("@told@", told) for name, value in LISTENERS.items()}
