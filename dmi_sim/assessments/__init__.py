"""Assessments of an infant or a controller, one folder each: procedure, result, text, figure."""
