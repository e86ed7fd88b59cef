"""Local servers that behave like the platforms: they sign deliveries, take calls, and refuse what the real ones refuse.

Written from the platforms' documentation and not from the channels' code, limits included.
"""
