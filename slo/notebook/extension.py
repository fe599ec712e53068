"""``%load_ext slo``: what is hung into IPython, and taken out again by ``%unload_ext slo``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.completer import SimpleCompletion, context_matcher
from IPython.display import display

from slo.card import Card, Listed, listing
from slo.counting import counted
from slo.notebook.completion import names_begun
from slo.notebook.mistakes import MISTAKES, mistake_card
from slo.progress import is_attended

if TYPE_CHECKING:
    from types import TracebackType

    from IPython.core.completer import CompletionContext, SimpleMatcherResult
    from IPython.core.interactiveshell import InteractiveShell

_ATTRIBUTE = "_slobook"
"""Where a shell keeps what this extension has hung into it."""


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Show mistakes as boxes and lists as tables, and complete names; once, however often asked."""
    if not hasattr(shell, _ATTRIBUTE):
        setattr(shell, _ATTRIBUTE, _Extension(shell))


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Leave the shell as it was."""
    if hasattr(shell, _ATTRIBUTE):
        getattr(shell, _ATTRIBUTE).remove()
        delattr(shell, _ATTRIBUTE)


class _Extension:
    """What hangs in one shell, and what was there before."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._before = (shell.custom_exceptions, shell.CustomTB)
        handled = (*MISTAKES, *shell.custom_exceptions)
        shell.set_custom_exc(handled, self._show)
        formatters = _formatters(shell)
        formatters["text/html"].for_type(tuple, _tuple_html)
        self._plain = formatters["text/plain"].for_type(tuple)
        formatters["text/plain"].for_type(tuple, self._tuple_text)
        self._matcher = _matcher_of(shell)
        shell.Completer.custom_matchers.append(self._matcher)

    def remove(self) -> None:
        """Put back what was there."""
        shell = self._shell
        shell.custom_exceptions, shell.CustomTB = self._before
        formatters = _formatters(shell)
        formatters["text/html"].pop(tuple, None)
        formatters["text/plain"].for_type(tuple, self._plain)
        if self._matcher in shell.Completer.custom_matchers:
            shell.Completer.custom_matchers.remove(self._matcher)

    def _show(
        self,
        shell: InteractiveShell,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
        tb_offset: int | None = None,
    ) -> None:
        if not isinstance(error, MISTAKES):
            # It belongs to whoever was here before.
            self._before[1](kind, error, trace, tb_offset=tb_offset)
            return
        shell._get_exc_info((kind, error, trace))  # noqa: SLF001  %debug and %tb go on from it
        card = mistake_card(error, trace)
        told = [card.text]
        kernel = getattr(shell, "kernel", None)
        if kernel is not None:
            display({"text/html": card.html, "text/plain": card.text}, raw=True)
            told = [_short(error, attended=is_attended(kernel))]
        # The message of an error is what makes the cell fail, for papermill as well.
        shell._showtraceback(kind, error, told)  # noqa: SLF001  the one way to send it

    def _tuple_text(self, things: tuple[Any, ...], printer: Any, cycle: bool) -> None:  # noqa: ANN401, FBT001  IPython's
        if _is_listed(things) and len(printer.stack) == 1:
            printer.text(_card_of(things).text)
        else:
            self._plain(things, printer, cycle)


def _short(error: BaseException, *, attended: bool) -> str:
    """What stands below the box: in a log it stands alone, too, so that it says what is wrong."""
    name = type(error).__name__
    if attended:
        return f"{name}: see the box above"
    first, *others = str(error).splitlines() or [""]
    more = f"\n(and {counted(len(others), 'line')} more: see the box above)" if others else ""
    return f"{name}: {first}{more}"


def _tuple_html(things: tuple[Any, ...]) -> str | None:
    if not _is_listed(things):
        return None
    return _card_of(things).html


def _card_of(things: tuple[Listed, ...]) -> Card:
    # The first column says what each row is.
    kind = next(iter(things[0].row))
    return Card(counted(len(things), kind), "", (listing(things),))


def _is_listed(things: tuple[Any, ...]) -> bool:
    """Whether they are several of one kind that has a table."""
    return len({type(one) for one in things}) == 1 and isinstance(things[0], Listed)


def _formatters(shell: InteractiveShell) -> dict[str, Any]:
    """What shows values, by MIME type."""
    found = shell.display_formatter
    return found.formatters if found else {}


def _matcher_of(shell: InteractiveShell) -> Any:  # noqa: ANN401  a matcher of IPython's
    @context_matcher()
    def slobook_names(context: CompletionContext) -> SimpleMatcherResult:
        begun, names = names_begun(context.text_until_cursor, shell.user_ns)
        found = [SimpleCompletion(name, type="name") for name in names]
        return {"completions": found, "matched_fragment": begun, "suppress": bool(found)}

    return slobook_names
