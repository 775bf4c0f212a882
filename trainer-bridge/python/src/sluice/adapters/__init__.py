"""Trainers of other projects, through their public hooks."""
