"""`--fix`: the edits that rules offer (`edits`, `wanted_type`), made in the text (`splices`) of the files (`files`)."""
