"""Topic files: their schema, how they are loaded, checked, approved and filled with the clinic's facts."""
