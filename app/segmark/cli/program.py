"""The command line.

Exit status: 0 for success, 1 if some input was rejected and the rest is done, 2 if the command
failed. Standard error has one line about what is wrong.
"""

import logging
import os
import platform
from collections.abc import Sequence
from importlib import import_module
from itertools import chain

import click

from segmark import __version__
from segmark.cli.interrupts import Stop
from segmark.cli.output import kept_errors
from segmark.core.label import LabelSetError
from segmark.environment import log
from segmark.store.errors import StoreError

_log = logging.getLogger(__name__)
_LOG_LEVEL = "--log-level"

# Imported when one of their commands is used: the window starts without them.
_MODULES = {
    "segmark.cli.load": ("load",),
    "segmark.cli.pages": ("pages",),
    "segmark.cli.export": ("export", "presets"),
    "segmark.cli.split": ("split",),
    "segmark.cli.verify": ("verify", "diff"),
    "segmark.cli.stats": ("stats",),
    "segmark.cli.log": ("log",),
    "segmark.cli.people": ("people",),
    "segmark.cli.suggest": ("suggest",),
    "segmark.cli.label": ("label",),
    "segmark.cli.review": ("review",),
    "segmark.cli.labeller": ("labeller",),
    "segmark.cli.label_set.labels": ("labels",),
    "segmark.cli.score": ("score",),
    "segmark.cli.audit": ("audit",),
    "segmark.cli.carry": ("carry",),
    "segmark.cli.safety": ("backup", "restore", "check"),
}


class _Commands(click.Group):
    """Subcommands; anything else is a project to open."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *chain.from_iterable(_MODULES.values())])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for module, names in _MODULES.items():
            if cmd_name in names:
                found: click.Command = getattr(import_module(module), cmd_name)
                return found
        return super().get_command(ctx, cmd_name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = self._after_options(args)
        commands = (*self.list_commands(ctx), "--help", "--version", _LOG_LEVEL)
        if at == len(args) or args[at] not in commands:
            args = [*args[:at], "open", *args[at:]]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if isinstance(ctx.obj, Stop) and args[0] != "open":  # the window has its own ways
            ctx.obj.listen()
        return super().resolve_command(ctx, args)

    def _after_options(self, args: list[str]) -> int:
        """The index of the first argument after the global options."""
        if args and args[0].startswith(f"{_LOG_LEVEL}="):
            return 1
        return 2 if len(args) > 1 and args[0] == _LOG_LEVEL else 0

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[PROJECT] [PAGE...]")
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS...]")


@click.group(cls=_Commands, epilog="Example: segmark news.segmark page1.html page2.txt")
@click.version_option(__version__, prog_name="segmark")
@click.option(
    _LOG_LEVEL,
    type=click.Choice(log.LEVELS, case_sensitive=False),
    help="Log from this level on, to standard error and to the log file; before the command.",
)
def commands(log_level: str | None) -> None:
    """Label the segments of raw news pages.

    Without a command, the window opens. PROJECT is a file ending in .segmark, which is created if
    it does not exist, and PAGE a file or folder to add to it.
    """
    if log_level:
        os.environ[log.LEVEL_VARIABLE] = log_level  # worker processes inherit it
        log.setup(log_level)
        _log.info("Segmark %s, Python %s", __version__, platform.python_version())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; the user never sees a traceback.

    Output that can't be written is an error in the end, after all else was done.
    """
    with kept_errors() as output:
        status = _run_stoppable(arguments)
        try:
            output.flush()
        except BrokenPipeError as error:
            output.error = error
            return status
        if output.error is None:
            return status
        if status in (0, 1):
            why = output.error.strerror or output.error
            _fail(f"what the command prints could not be written: {why}; all else was done", 2)
        return max(status, 2)


def _run_stoppable(arguments: Sequence[str] | None) -> int:
    log.setup()
    stop = Stop()
    try:
        return _run(arguments, stop)
    finally:
        stop.restore()


def _run(arguments: Sequence[str] | None, stop: Stop) -> int:
    try:
        result = commands.main(arguments, prog_name="segmark", standalone_mode=False, obj=stop)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        return _stopped(stop)
    except click.ClickException as error:
        hint = ""
        if isinstance(error, click.UsageError) and error.ctx:
            hint = f"; see {error.ctx.command_path} --help"
        return _fail(f"{error.format_message().rstrip('.')}{hint}", 2)
    except (StoreError, LabelSetError) as error:
        if stop.status:  # SQLite was interrupted
            return _stopped(stop)
        return _fail(str(error), 2)
    except (BrokenPipeError, SystemExit):  # click makes the second of the first
        return 0  # the reader of the output has ended, which is no error
    except PermissionError as error:
        return _not_permitted(error)
    except Exception as error:
        if stop.status:  # a worker process was stopped as well
            return _stopped(stop)
        _log.exception("unexpected error")
        kind = type(error).__name__
        return _fail(f"an unexpected error ({kind}); details are in {log.log_path()}", 2)


def _not_permitted(error: PermissionError) -> int:
    place = os.fsdecode(error.filename or "a file")
    return _fail(f"{place}: you are not permitted to use it; choose another place", 2)


def _stopped(stop: Stop) -> int:
    # If the signal interrupted code that was made from a string, as parts of dataclasses are,
    # CPython would end with SIGINT instead of this status. Running other such code prevents it.
    exec("")
    return _fail("stopped; what was done so far is kept", stop.status or 130)


def _fail(message: str, status: int) -> int:
    click.echo(f"segmark: {' '.join(message.split())}", err=True)
    return status
