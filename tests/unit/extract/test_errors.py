from schemas import RejectReason
from worker.extract import errors
from worker.extract.errors import PageError, PageTooLarge, Unreadable


def leaves(kind: type) -> set[type]:
    return {kind} if not kind.__subclasses__() else set().union(*map(leaves, kind.__subclasses__()))


def test_each_class_has_a_reason_of_its_own():
    """No two classes at the ends of the tree share a reason, so a reason names exactly one class."""
    reasons = [kind.reason for kind in leaves(PageError)]

    assert len(set(reasons)) == len(reasons)
    assert RejectReason.INTERNAL not in reasons


def test_the_drawn_tree_is_the_tree():
    """The tree in the module's docstring names every class below PageError."""
    drawn = {word for word in (errors.__doc__ or "").split() if word.isidentifier()}

    named = {kind.__name__ for kind in (*leaves(PageError), Unreadable)}

    assert named <= drawn


def test_a_message_opens_with_what_the_class_says():
    """The class's own sentence is the first half of the message, the detail the second."""
    assert "The body is over the limit: 7 bytes" == str(PageTooLarge("7 bytes"))
    assert "The body is over the limit" == str(PageTooLarge())
