"""What an estate looks like, for people and programs: sites, clusters, contexts, leader, global names, delegation."""
