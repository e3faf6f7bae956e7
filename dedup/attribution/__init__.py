"""Whose text is it: credits read from each article, weighed, and spread along shared passages."""
