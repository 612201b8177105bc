"""Everything that runs inside the sandbox, next to the student's code.

Nothing here knows a test, an answer or a mark, and nothing here is trusted once
a student's cell has run. It imports only :mod:`autograder.codec` and
:mod:`autograder.channel`, so that the files a submission can see stay few.
"""
