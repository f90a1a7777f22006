"""What AMKO makes of the clusters of a federation: names, policies, what they select, and where the clusters disagree."""
