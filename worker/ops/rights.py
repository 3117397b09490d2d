"""Rights that a stage needs beside those on its topics: asked before it starts, while the reason can be told.

Rights on topics show where the topics are described. The right to join a group can't be asked for: without
it the stage never joins, and `/readyz` says so.
"""

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TransactionalIdAuthorizationFailed

from worker.ops.names import Guarantee, Stage
from worker.ops.settings import Settings

_TRANSACTION = 1
"""Kafka's coordinator type of transactional ids."""


async def check_rights(client: AIOKafkaAdminClient, settings: Settings) -> None:
    """Ask for the coordinators of the stages' groups and of our transactional ids.

    Raises:
        GroupAuthorizationFailedError: A group is not ours to see; the error names it.
        TransactionalIdAuthorizationFailed: Our transactional ids are not ours to use.
    """
    for stage in settings.stages:
        group = f"{settings.app_id}-{stage}"
        try:
            await client.find_coordinator(group)
        except GroupAuthorizationFailedError:
            raise GroupAuthorizationFailedError(group) from None
        except KafkaError:
            continue  # no coordinator yet: not a matter of rights
    if Stage.DEDUPE in settings.stages and settings.guarantee is not Guarantee.AT_LEAST_ONCE:
        await _check_transactions(client, f"{settings.app_id}-{Stage.DEDUPE}-probe")


async def _check_transactions(client: AIOKafkaAdminClient, transactional_id: str) -> None:
    try:
        await client.find_coordinator(transactional_id, _TRANSACTION)
    except TransactionalIdAuthorizationFailed:
        raise
    except KafkaError:
        return  # a broker without transactions, or none yet: the guarantee sees to it
