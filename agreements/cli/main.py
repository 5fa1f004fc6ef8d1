"""The command ``vereinbar``. Each group of commands is a module that is imported when needed."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer._click.exceptions import (  # typer gives these no public name
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
)
from typer.core import TyperGroup

from agreements.errors import Refusal

if TYPE_CHECKING:
    from typer._click import Command, Context

# Command -> the module whose ``register(app)`` adds it.
MODULES = {
    "up": "agreements.cli.stack",
    "demo": "agreements.cli.demo",
    "sample": "agreements.cli.sample",
    "doctor": "agreements.cli.doctor",
    "backup": "agreements.cli.backup",
    "restore": "agreements.cli.backup",
    "verify": "agreements.cli.verify",
    "checkpoint": "agreements.cli.verify",
    "region": "agreements.cli.region",
    "committee": "agreements.cli.committee",
    "user": "agreements.cli.user",
    "funding": "agreements.cli.funding",
    "results": "agreements.cli.results",
    "mail": "agreements.cli.mail",
    "deadline": "agreements.cli.deadline",
    "template": "agreements.cli.template",
    "casefile": "agreements.cli.casefile",
}


_CHOICES = re.compile(r"is not one of (.+?)\.?$")
_QUOTE = "'"


class CommandsOnDemand(TyperGroup):
    """Imports a command's module when it is called, and speaks German when it refuses."""

    def list_commands(self, ctx: Context) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        if cmd_name not in MODULES:
            ctx.fail(f"Den Befehl „{cmd_name}“ gibt es nicht.")
        part = typer.Typer()
        part.callback()(lambda: None)  # otherwise a single command would become the app
        import_module(MODULES[cmd_name]).register(part)
        group = typer.main.get_group(part)
        return group.commands[cmd_name]

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401  (handed through)
    ) -> Any:  # noqa: ANN401
        """Run; a refusal ends with 1 and a wrong call with 2, each with one sentence."""
        try:
            outcome = super().main(
                args, prog_name, complete_var, False, windows_expand_args, **extra
            )
        except Refusal as refusal:
            typer.echo(str(refusal), err=True)
            sys.exit(1)
        except NoArgsIsHelpError as error:
            typer.echo(error.format_message(), err=True)
            sys.exit(2)
        except ClickException as error:
            typer.echo(_in_german(error), err=True)
            sys.exit(error.exit_code)
        except typer.Abort:
            typer.echo("Abgebrochen.", err=True)
            sys.exit(1)
        sys.exit(outcome if isinstance(outcome, int) else 0)


def _in_german(error: ClickException) -> str:
    hint = ""
    context = getattr(error, "ctx", None)
    if context is not None:
        hint = f" Hilfe: {context.command_path} --help"
    match error:
        case MissingParameter():
            name = error.param.get_error_hint() if error.param else error.param_hint
            return f"Es fehlt die Angabe {name}.{hint}"
        case NoSuchOption():
            return f"Die Option {error.option_name} gibt es nicht.{hint}"
        case BadParameter() if error.param is not None:
            name = error.param.get_error_hint()
            why = _expected(error.message) or error.message
            return f"Die Angabe {name} ist ungültig: {why}{hint}"
    return f"{error.format_message()}{hint}"


def _expected(said: str) -> str | None:
    """What an option takes, where the library says it in English."""
    if choices := _CHOICES.search(said):
        return f"möglich sind {choices[1].replace(_QUOTE, '')}."
    return "erwartet wird eine ganze Zahl." if "valid integer" in said else None


app = typer.Typer(
    cls=CommandsOnDemand,
    help="Vereinbarungen zwischen Kommunen: vom Entwurf bis zur laufenden Förderung.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from agreements.version import program_version

        typer.echo(f"vereinbar {program_version()}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Nennt die Version."
        ),
    ] = False,
) -> None:
    """Vereinbarungen zwischen Kommunen: vom Entwurf bis zur laufenden Förderung."""


if __name__ == "__main__":
    app(prog_name="vereinbar")
