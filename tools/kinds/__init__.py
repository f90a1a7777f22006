"""Make `schemas/kinds/` from CustomResourceDefinitions that lie on this machine; nothing is ever downloaded."""
