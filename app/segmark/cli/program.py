"""The command line: loading, exporting and counting without a window.

Exit status: 0 all went well, 1 some input was rejected and the rest is done, 2 it could not be
done. What is wrong is one line on standard error.
"""

import logging
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import chain

import click

from segmark import __version__
from segmark.core.label import LabelSetError
from segmark.environment import log
from segmark.store.errors import StoreError

_log = logging.getLogger(__name__)


# Imported when one of their commands is named: the window starts without them.
_MODULES = {
    "segmark.cli.load": ("load",),
    "segmark.cli.pages": ("pages",),
    "segmark.cli.export": ("export", "presets"),
    "segmark.cli.split": ("split",),
    "segmark.cli.verify": ("verify", "diff"),
    "segmark.cli.stats": ("stats",),
    "segmark.cli.suggest": ("suggest",),
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
        if not args or args[0] not in (*self.list_commands(ctx), "--help", "--version"):
            args = ["open", *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[PROJECT] [PAGE...]")
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS...]")


@click.group(cls=_Commands, epilog="Example: segmark news.segmark page1.html page2.txt")
@click.version_option(__version__, prog_name="segmark")
def commands() -> None:
    """Label the segments of raw news pages.

    Without a command it opens the window; PROJECT is a file ending in .segmark, which is made if
    it is not there, and PAGE a file or folder to add to it.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; no traceback reaches the user."""
    log.setup()
    try:
        result = commands.main(arguments, prog_name="segmark", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.Abort:
        return _fail("stopped; what was done until now is kept", 130)
    except click.ClickException as error:
        hint = ""
        if isinstance(error, click.UsageError) and error.ctx:
            hint = f"; see {error.ctx.command_path} --help"
        return _fail(f"{error.format_message().rstrip('.')}{hint}", 2)
    except (StoreError, LabelSetError) as error:
        return _fail(str(error), 2)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has gone; that is no error
        return 0
    except Exception as error:
        _log.exception("unforeseen")
        kind = type(error).__name__
        return _fail(f"an error that was not foreseen ({kind}); details are in {log.log_path()}", 2)


def _fail(message: str, status: int) -> int:
    click.echo(f"segmark: {' '.join(message.split())}", err=True)
    return status
