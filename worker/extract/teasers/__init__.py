"""The teasers of an HTML page: blocks, cards, kinds."""
