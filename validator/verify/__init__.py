"""`estate verify`: ask the live estate - its name servers, its clusters - whether it is what the estate file says.

Everything here reads and never writes. Questions and judgement are apart: what was answered is collected first
(`questions`, `delegation`, `answers`, `clusters`), findings are made from it afterwards (`judge_*`), so that
the same answers give the same report.
"""
