"""The kubeconfig by which AMKO reaches its members: read, flattened, merged, checked, written where it is told.

    sources    files, standard input, Secrets -> kubeconfig documents with places
    kubeconfig documents -> entries (clusters, users, contexts)
    merge      entries of several files -> one set of members, contexts named as the estate names them
    checks     members against the estate -> findings
    private    what holds keys is written so that nobody else reads it, and Git does not take it
    manifests  the Secret of each AMKO, by the estate's backend
    rbac       the account in each member that makes the tokens

Nothing here puts a value of a credential into a message, a log or an exception.
"""
