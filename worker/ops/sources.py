"""Sources of settings beside those that the library reads: ``NEWSWORKER_X_FILE``, the way of mounted secrets."""

import os
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from worker.ops.exits import ConfigurationError
from worker.ops.names import ENV_PREFIX

CONFIG_VARIABLE = f"{ENV_PREFIX}CONFIG"
"""Names the settings file."""


class FileSource(PydanticBaseSettingsSource):
    """Reads ``NEWSWORKER_X`` from the file that ``NEWSWORKER_X_FILE`` names: the way of mounted secrets."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - the library's signature
        """Return the text of the file without the line end, or None where no file is named."""
        variable = f"{ENV_PREFIX}{field_name.upper()}_FILE"
        path = os.environ.get(variable)
        if path is None or f"{field_name}_file" in self.settings_cls.model_fields:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise ConfigurationError(f"{variable}: can't read {path}: {reason}") from error

    def __call__(self) -> dict[str, Any]:
        """Return the values of all settings that have a file."""
        read = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in read.items() if value is not None}
