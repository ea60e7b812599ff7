"""What a step says when it cannot go on."""

import os


class StepFailed(Exception):
    """A failure for the user: one clear reason, no stack trace."""


def say_why(reason: str, path: str = "/dev/termination-log") -> None:
    """Makes the reason the container's termination message, which Argo shows as the message of the step."""
    if not os.path.exists(path):
        return
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(reason[:4000])
    except OSError:
        pass  # The log has it too.
