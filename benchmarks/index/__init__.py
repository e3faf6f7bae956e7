"""What `Index` costs as it grows, what it survives, and what it does beside others: see `benchmarks.index.__main__`."""
