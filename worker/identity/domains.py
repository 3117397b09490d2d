"""Registered domains, by the list of public suffixes that tldextract brings along.

It is never fetched, so that two workers agree. Suffixes under which strangers register names privately (blog
hosts) count as suffixes: two blogs of one host are two sites, or the headlines of one would hide those of
the other.
"""

from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address

from tldextract import TLDExtract

from worker.identity.hosts import HOSTS_KEPT

_EXTRACTOR = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
_EXTRACTOR.extract_str("example.org")  # the list is read here, in 20 ms, and not with the first page


@lru_cache(HOSTS_KEPT)
def registered_domain(host: str) -> str:
    """Return the registered domain of ``host``, or the host itself where it has none.

    Args:
        host: Lower case, A-labels, without port.
    """
    if "." not in host or host.startswith("[") or _is_ip(host):
        return host
    parts = _EXTRACTOR.extract_str(host)
    if not parts.domain:  # the host is a public suffix itself, as is gov.uk
        return host
    if parts.suffix:
        return f"{parts.domain}.{parts.suffix}"
    return ".".join(host.split(".")[-2:])


def is_public_suffix(host: str) -> bool:
    """Tell whether names are registered directly under ``host``, so that it is nobody's site."""
    parts = _EXTRACTOR.extract_str(host)
    return not parts.domain


def _is_ip(host: str) -> bool:
    try:
        IPv4Address(host)
    except (AddressValueError, ValueError):
        return False
    return True
