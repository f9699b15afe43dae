"""Doléance: a complaint tracker that refuses to dehumanise."""
