"""Write the values schemas of the AKO and AMKO charts, one per release, from one source per chart."""
