"""What settings lack that other settings need."""

from urllib.parse import urlsplit

from redflags.settings import Settings


def notification_faults(settings: Settings) -> list[str]:
    """What the chosen way out lacks."""
    needs: dict[str, dict[str, object]] = {
        "outbox": {},
        "smtp": {
            "REDFLAGS_TEAM_ADDRESS": settings.team_address,
            "REDFLAGS_SENDER_ADDRESS": settings.sender_address,
        },
        "govuk": {
            "REDFLAGS_TEAM_ADDRESS": settings.team_address,
            "REDFLAGS_GOVUK_NOTIFY_KEY": settings.govuk_notify_key,
            "REDFLAGS_GOVUK_NOTIFY_TEMPLATE": settings.govuk_notify_template,
        },
    }
    return [
        f"{name}: not set, and REDFLAGS_NOTIFY_BY={settings.notify_by} needs it"
        for name, value in needs[settings.notify_by].items()
        if not value
    ]


def login_faults(settings: Settings) -> list[str]:
    """What is missing or unsafe about logging in at the landlord's own provider, if one is set."""
    if not settings.oidc_issuer:
        return []
    faults = [
        f"{name}: not set, and REDFLAGS_OIDC_ISSUER needs it"
        for name, value in {
            "REDFLAGS_OIDC_CLIENT_ID": settings.oidc_client_id,
            "REDFLAGS_OIDC_CLIENT_SECRET": settings.oidc_client_secret,
        }.items()
        if not value
    ]
    issuer = urlsplit(settings.oidc_issuer)
    if issuer.scheme != "https" and issuer.hostname not in ("localhost", "127.0.0.1"):
        faults.append("REDFLAGS_OIDC_ISSUER: expected https://…, as the provider names itself")
    return faults
