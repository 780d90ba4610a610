"""The forms about those who work here: their name, their rights, and what is kept from them."""

from wtforms import HiddenField

from redflags.casework import accounts
from redflags.web.shell import forms
from redflags.web.shell.wording import ROLE_WORDS


class NameForm(forms.PageForm):
    name = forms.short_text("Name", missing="Enter a name", most=100)
    email = forms.short_text("Email address", missing="Enter an email address", most=254)


class RightsForm(forms.PageForm):
    roles = forms.many("Which roles do they have?", ROLE_WORDS, missing="Choose at least one role")
    every_patch = forms.confirm("They work in every area")
    patches = forms.long_text(
        "Or they work only in these areas", hint="Put each area on its own line.", rows=4
    )

    @property
    def areas(self) -> list[str]:
        return accounts.plain_patches(self.patches.data.splitlines())


class ChangeForm(RightsForm):
    """It carries the rights that were seen: nobody gives back what another just took away."""

    version = HiddenField()


class PersonForm(NameForm, RightsForm):
    """The name first, and its errors first in the summary."""


class BarrierForm(forms.PageForm):
    ref = forms.short_text(
        "Property or tenancy reference",
        missing="Enter the reference of a home or of a tenancy",
        hint="As shown in the housing system.",
        most=100,
        classes="govuk-input--width-20",
    )
    what = forms.choice(
        "What should happen?",
        {"bar": "They must not see this home", "lift": "They can see it again"},
        missing="Choose what should happen",
    )


class ButtonForm(forms.PageForm):
    """Nothing but its token: the button says what it does."""
