"""Words of the screens for templates."""
