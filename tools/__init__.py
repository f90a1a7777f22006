"""Commands for developers; nothing here is part of the installed package."""
