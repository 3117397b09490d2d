"""White space folded: each run of it as one space, none at the ends."""

cdef str folded(str text)  # the text itself where nothing is to be done
cdef str folded_from(list pieces, Py_ssize_t first, Py_ssize_t end)  # of these joined; "" for none
