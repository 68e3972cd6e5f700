"""The classroom: a page on which two infants in a therapist's hands are seen, moved and compared.

The same environments, bodies, hands and policies that researchers use; nothing here simulates.
"""
