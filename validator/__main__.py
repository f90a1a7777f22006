"""Run the command as `python -m validator`."""

from validator.cli import main

main()
