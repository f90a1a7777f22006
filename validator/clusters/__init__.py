"""What is asked about clusters: their applications, the products in them, and how those of one role differ."""
