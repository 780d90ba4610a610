"""What every part of a mapping file is: known keys only, and nothing changes it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Filled = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
