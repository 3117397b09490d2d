"""The pure core: one raw page in, one split page out. No clock, no network, no logging, no Kafka."""
