"""What the broker can do: transactions, or at least idempotent producers. Asked once, at the start."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer
from aiokafka.errors import IncompatibleBrokerVersion, UnknownError, UnsupportedVersionError

from worker.stream.guarantee.client import PATIENCE_SECONDS, Client
from worker.stream.guarantee.errors import GuaranteeNotKept, Stuck
from worker.stream.guarantee.records import Guarantee

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""A broker without transactions answers "unknown error" (Tansu does); so might one in trouble, once."""

_CAN_NOT = (UnknownError, UnsupportedVersionError, IncompatibleBrokerVersion, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the broker answered."""

    has_transactions: bool
    has_idempotence: bool


async def abilities(client: Client, transactional_id: str | None) -> Abilities:
    """Ask the broker for a producer id, with and without a transaction.

    Args:
        client: The broker.
        transactional_id: An id that this worker may use and no partition has, since asking fences it;
            None to leave transactions out.

    Raises:
        Stuck: The broker did not answer.
        aiokafka.errors.KafkaError: It refused for a reason that is not a missing ability, such as rights.
    """
    transactions = transactional_id is not None and await _starts(client, transactional_id)
    return Abilities(transactions, transactions or await _starts(client, None))


async def resolved(wanted: Guarantee, client: Client, transactional_id: str) -> Guarantee:
    """Return the guarantee that will be kept: ``wanted``, or what `Guarantee.AUTO` comes to.

    Raises:
        GuaranteeNotKept: `Guarantee.EXACTLY_ONCE` is wanted and the broker has no transactions.
    """
    if wanted is Guarantee.AT_LEAST_ONCE:
        return wanted
    found = await abilities(client, transactional_id)
    if found.has_transactions:
        return Guarantee.EXACTLY_ONCE
    if wanted is Guarantee.EXACTLY_ONCE:
        raise GuaranteeNotKept(
            f"the guarantee is exactly_once, and the broker at {client.bootstrap} has no transactions: "
            "use a broker that has them, or at_least_once (a crash may then repeat events with the same ids)"
        )
    log.warning("the broker has no transactions: at_least_once", extra={"bootstrap": client.bootstrap})
    return Guarantee.AT_LEAST_ONCE


async def _starts(client: Client, transactional_id: str | None) -> bool:
    """Tell whether the broker hands out a producer id."""
    for attempt in range(ATTEMPTS):
        if attempt:
            await asyncio.sleep(0.5)
        producer = client.transactional(transactional_id) if transactional_id else _idempotent(client)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await producer.start()
        except _CAN_NOT:
            continue
        except TimeoutError as error:
            raise Stuck(f"the broker at {client.bootstrap} does not say what it can do") from error
        else:
            return True
        finally:
            await _stop(producer)
    return False


def _idempotent(client: Client) -> AIOKafkaProducer:
    return client.producer(enable_idempotence=True)


async def _stop(producer: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(1.0):
            await producer.stop()
    except Exception:
        log.debug("a probing producer did not close", exc_info=True)
