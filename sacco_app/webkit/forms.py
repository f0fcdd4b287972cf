"""Forms: shape is checked here, rules in the services. A refused form comes back with everything typed kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from flask import request
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import HiddenField

from sacco_app.kernel.errors import Conflict, InvalidInput, NotFound, RuleViolation, SaccoError
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.uow import run
from sacco_app.webkit.auth import current_actor, current_clock
from sacco_app.webkit.csrf import FormToken

R = TypeVar("R")


class SaccoForm(FlaskForm):  # type: ignore[misc]
    """Base of all forms. `refusal` is the sentence of a rule that refused; `status` the HTTP status to answer with."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf_class = FormToken

    refusal: str | None = None
    _status: int | None = None

    @property
    def status(self) -> int:
        """200 for a form that was only opened, 422 for one that does not hold, 409 for one that a rule refused."""
        if self._status is not None:
            return self._status
        return 422 if request.method == "POST" and self.errors else 200

    def refuse(self, error: SaccoError, pins: Mapping[type[SaccoError], str] | None = None) -> None:
        """Show the refusal, pinned to the field that `pins` names for this class of error."""
        self._status = 422 if isinstance(error, InvalidInput) else 409
        field_name = next((name for kind, name in (pins or {}).items() if isinstance(error, kind)), None)
        if field_name and field_name in self:
            field = self[field_name]
            field.errors = [*field.errors, error.message]
        else:
            self.refusal = error.message


class CommandForm(SaccoForm):
    """A form whose command must happen once: the submission id is made when the form is first shown and kept."""

    submission_id = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.submission_id.data or len(self.submission_id.data) > 64:
            self.submission_id.data = str(new_id())

    @property
    def idempotency_key(self) -> str:
        return str(self.submission_id.data)


class Outcome(Generic[R]):
    """What came of a submitted form: `done` with its `value`, or not."""

    def __init__(self, value: R | None, *, done: bool) -> None:
        self._value = value
        self.done = done

    @property
    def value(self) -> R:
        assert self.done
        return self._value  # type: ignore[return-value]


def submit(
    form: SaccoForm, work: Callable[[Session], R], pins: Mapping[type[SaccoError], str] | None = None
) -> Outcome[R]:
    """If the form was posted and holds, run `work` in one transaction. A refusal is put onto the form, nothing is lost."""
    if not form.validate_on_submit():
        return Outcome(None, done=False)
    try:
        return Outcome(run(current_actor(), current_clock(), work), done=True)
    except (RuleViolation, Conflict, InvalidInput, NotFound) as error:
        form.refuse(error, pins)
        return Outcome(None, done=False)
