"""Which team and profile somebody may start a notebook with. What a browser or a program sends is only a wish."""

from dataclasses import dataclass
from html import escape

from .settings import Profile, Settings, Team


class Refused(Exception):
    """Said to whoever asked."""


@dataclass(frozen=True)
class Choice:
    team: Team
    profile: Profile


def teams_of(settings: Settings, user: str, groups: set[str]) -> list[Team]:
    """The teams of a user, by the groups that the identity provider told at the last sign-in or refresh."""
    return [team for team in settings.teams if user in team.users or team.groups & groups]


def choose(settings: Settings, user: str, groups: set[str], options: object) -> Choice:
    """The team and profile that `options` asks for; the first of each where it asks for none.

    Raises Refused where the user is not of the team, also when the team does not exist: who asks learns nothing.
    """
    wish = options if isinstance(options, dict) else {}
    teams = teams_of(settings, user, groups)
    if not teams:
        raise Refused("You are in no team of this platform. Ask its administrators for a group.")
    return Choice(
        team=_one("team", wish.get("team"), teams, "your teams"),
        profile=_one("profile", wish.get("profile"), settings.profiles, "the profiles"),
    )


def _one(what: str, name: object, among, of_whom: str):
    if name is None or name == "":
        return among[0]
    for one in among:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in among)
    shown = name if isinstance(name, str) and len(name) <= 64 else type(name).__name__
    raise Refused(f"{what} {shown!r} is none of {of_whom}: {names}")


def options_from_form(form: dict[str, list[str]]) -> dict[str, str]:
    """What a form or a query says; checked when the notebook starts, as everything else is."""
    return {key: values[0] for key in ("team", "profile") if (values := form.get(key))}


def form_of(settings: Settings, user: str, groups: set[str]) -> str:
    teams = teams_of(settings, user, groups)
    if not teams:
        return '<p class="alert alert-danger">You are in no team of this platform.</p>'
    return _select("team", "Team", [(team.name, team.name) for team in teams]) + _select(
        "profile", "Profile", [(profile.name, f"{profile.title}: {size_of(profile)}") for profile in settings.profiles]
    )


def size_of(profile: Profile) -> str:
    gpus = f", {profile.gpus} GPU" if profile.gpus else ""
    return f"{profile.cpu} cores, {profile.memory_limit} memory{gpus}"


def _select(name: str, label: str, options: list[tuple[str, str]]) -> str:
    entries = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
    return (
        f'<div class="mb-3"><label class="form-label" for="{name}">{label}</label>'
        f'<select class="form-select" id="{name}" name="{name}">{entries}</select></div>'
    )
