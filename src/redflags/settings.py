"""The environment, read once, as one frozen value.

Everything that differs between two installations on the same landlord's data is here; what a
landlord decides (thresholds, signals, sources) is in `config/`.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from redflags.errors import ConfigurationError


class Settings(BaseSettings):
    """Settings of one installation; each is read from ``REDFLAGS_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="REDFLAGS_", frozen=True, extra="ignore")

    home: Path = Field(default=Path("var"), description="everything the program writes")
    config: Path = Field(default=Path("config"), description="ruleset, signals and source mappings")
    extracts: Path = Field(
        default=Path("var/extracts"), description="folder of the canonical CSV source"
    )
    database_url: SecretStr | None = Field(
        default=None, description="any SQLAlchemy URL; SQLite under the home folder when not set"
    )
    secret_key: SecretStr | None = Field(
        default=None, description="encryption, pseudonyms, sessions; made on first run when not set"
    )

    mlflow_uri: str = Field(
        default="", description="MLflow server with the models; SQLite under home when not set"
    )

    notify_by: Literal["outbox", "smtp", "govuk"] = Field(
        default="outbox", description="how the daily message leaves"
    )
    team_address: str = Field(
        default="", description="e-mail address of the team that works the queue"
    )
    sender_address: str = Field(default="", description="sender of the daily message (SMTP)")
    review_url: str = Field(
        default="http://127.0.0.1:8000", description="address of the review queue"
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="how many proxies of ours stand before the review queue and say who asks",
    )
    oidc_issuer: str = Field(
        default="", description="the landlord's own login provider, as it names itself"
    )
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_claim: Literal["email", "preferred_username"] = Field(
        default="email", description="what the provider says that is an account's e-mail address"
    )
    smtp_host: str = Field(default="localhost")
    smtp_port: int = Field(default=25)
    smtp_user: str = Field(default="")
    smtp_password: SecretStr | None = None
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    govuk_notify_key: SecretStr | None = None
    govuk_notify_template: str = ""
    govuk_notify_url: str = "https://api.notifications.service.gov.uk"
    heartbeat_url: SecretStr | None = Field(
        default=None, description="healthchecks-style URL told of start, success and failure"
    )

    @property
    def record_store_path(self) -> Path:
        return self.home / "records" / "records.duckdb"

    @property
    def outbox_path(self) -> Path:
        return self.home / "outbox"

    @property
    def secret_key_path(self) -> Path:
        return self.home / "secret.key"

    @property
    def sqlalchemy_url(self) -> str:
        """URL of the operational database; holds a password in production, so never print it."""
        if self.database_url is not None and self.database_url.get_secret_value():
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.home / 'redflags.sqlite3').absolute()}"


def read_settings() -> Settings:
    """Read the environment. Raises ConfigurationError naming every variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        raise ConfigurationError(
            [
                f"REDFLAGS_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
                for fault in error.errors(include_input=False, include_url=False)
            ]
        ) from None
