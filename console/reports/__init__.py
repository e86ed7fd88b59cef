"""Reports: what is asked, what stays unanswered, what helps, and how often danger is heard. Numbers only, no words."""
