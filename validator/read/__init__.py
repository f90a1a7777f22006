"""From the files of a repository to the model of an estate."""
