"""What compiled modules ask of the wordings."""

cpdef object heading_kind(str text)  # a ``Heading`` or None
cpdef object rolling_kind(str text)  # a ``TeaserKind`` or None
cpdef object inline_label(str text)  # an ``InlineLabel`` or None
cpdef object boilerplate_class(str text)  # its name or None
