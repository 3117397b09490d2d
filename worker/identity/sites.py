"""The site of a page: the registered domain, which is the scope of deduplication. **Pure**, **total**."""

from worker.identity.addresses import host_of
from worker.identity.domains import registered_domain


def site_of(url: str | None, source: str) -> str:
    """Return the registered domain of ``url``, or ``text:<source>`` where there is no usable address.

    **Total**. A host without a registered domain (an IP address, a single label) stands for itself; under an
    unknown top-level domain the last two labels count.

    Args:
        url: Address of a page; None for a page without one.
        source: Who sent the page; only used without an address.
    """
    host = host_of(url) if url is not None else None
    return f"text:{source}" if host is None else registered_domain(host)
