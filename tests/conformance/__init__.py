"""Scenarios whose results the original engine printed: interpreted by ours, and compared in every field."""
