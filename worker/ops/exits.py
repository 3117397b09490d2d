"""How a command ends, and the error that every command may end with. Imports nothing: a probe loads it too."""


class ExitCode:
    """How a command ends; supervisors and scripts read it."""

    OK = 0
    """Stopped as asked, or done."""

    FAILED = 1
    """Did its work and something in it failed: a check, a send of a replay."""

    USAGE = 2
    """The command line is wrong."""

    UNFORESEEN = 70
    """An error that nobody foresaw: a bug of ours."""

    UNAVAILABLE = 75
    """Gave up for now: broker, drain. Trying again later may help."""

    CONFIGURATION = 78
    """A setting is wrong, or topics and their data are not what they should be; the message names it."""


class ConfigurationError(Exception):
    """A setting is wrong; the message names it, shows its value and gives an example."""
