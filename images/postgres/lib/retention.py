"""Which backups may go."""

from datetime import datetime, timedelta, timezone

FORMAT = "%Y%m%dT%H%M%SZ"


def timestamp_of(moment):
    return moment.strftime(FORMAT)


def moment_of(timestamp):
    try:
        return datetime.strptime(timestamp, FORMAT).replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def outdated(whole, partial, now, keep_days):
    """Timestamps to delete, of whole and of partial backups. The newest whole one stays, however old it is."""
    end, stale = now - timedelta(days=keep_days), now - timedelta(days=1)
    newest = max(whole, default=None)

    def before(timestamp, limit):
        moment = moment_of(timestamp)
        return moment is not None and moment < limit

    gone = [each for each in whole if each != newest and before(each, end)]
    return sorted(gone + [each for each in partial if before(each, stale)])
