"""Runs other programs and Besorol on the same documents, and says what each cost and how good it was."""
