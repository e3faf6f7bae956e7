"""The index that remembers: articles come one after another, and each is judged at once by all that came before."""
