"""Which findings are told: not what a comment or the baseline takes out, and one fault once."""
