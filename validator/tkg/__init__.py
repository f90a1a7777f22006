"""TKG: its configuration files, the topologies of its Cluster objects, and what gives AKO to its clusters."""
