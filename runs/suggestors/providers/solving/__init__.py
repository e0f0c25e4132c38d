"""Problems as models of CP-SAT. This room imports OR-Tools: it is imported when something is to be solved, and not before.

OR-Tools and HiGHS cannot live in one process, so nothing here may ever import highspy.
"""
