"""Golden cases: a folder a page, with what the core makes of it. ``make accept`` writes the results anew."""
