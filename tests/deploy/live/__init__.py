"""A real worker, broker, Prometheus and Alertmanager on loopback, faults, and what `amtool` says of them.

`python -m tests.deploy.live` runs every fault and every quiet scene and writes the table in the docs.
"""
